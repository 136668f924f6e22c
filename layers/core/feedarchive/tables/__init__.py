"""Tables of the articles, for DuckDB, Polars, Athena and spreadsheets. They are made from the article files."""
