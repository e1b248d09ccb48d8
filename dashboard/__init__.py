"""dashboard: how do people and clients meet it? Pages, actions, commands; no formulas, no SQL."""
