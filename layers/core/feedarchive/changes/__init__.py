"""Compare two versions of an article, word by word. Pure functions."""
