"""What changed between two versions of an article, word by word. Pure functions."""
