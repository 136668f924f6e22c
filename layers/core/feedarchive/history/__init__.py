"""Find all versions of an article by the name of one of its files, or by its link. Nothing is written."""
