"""The articles as tables, for DuckDB, Polars, Athena and spreadsheets: derived from the article files."""
