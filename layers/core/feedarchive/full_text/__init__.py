"""Full texts: the texts of articles' pages, for feeds that contain only a summary of each article."""
