"""Measure search, tables and exports on a large generated archive."""
