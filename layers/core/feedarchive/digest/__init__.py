"""The digest of each day: pages and JSON that are a pure function of the article files in the day's folder."""
