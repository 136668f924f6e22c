"""Measures feedarchive against what people use today: ``make bench``."""
