"""All versions of an article, from any one of its files or from its link. Only reads."""
