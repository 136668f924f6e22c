"""From an entry of a feed to the file of an article."""
