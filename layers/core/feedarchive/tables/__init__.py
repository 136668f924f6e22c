"""Make tables of the archived articles, for DuckDB, Polars, Athena and spreadsheets.

Each row is one version of an article.
"""
