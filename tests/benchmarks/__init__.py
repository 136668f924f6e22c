"""The benchmarks' own arithmetic: generated feeds, measurements, prices, tables."""
