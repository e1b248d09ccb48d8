"""metrics: what does it mean? Targets, law, clocks, scores and boards; no file formats, no screens."""
