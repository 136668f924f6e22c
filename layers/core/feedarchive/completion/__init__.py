"""Jobs that fetch more of an article after it was archived: the text of its page, its pictures and enclosures."""
