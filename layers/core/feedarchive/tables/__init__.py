"""Make tables of the archived articles, for DuckDB, Polars, Athena and spreadsheets. Each row is made from a file."""
