"""data: what does the paper say? Reads files and keeps them in DuckDB; judges nothing."""
