"""Find all versions of an article, given any of its files or its link. This package only reads the archive."""
