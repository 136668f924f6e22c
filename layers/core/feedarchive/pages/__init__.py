"""Pages to read in a browser: an index of all days, a page for each day, and the articles of each site and day."""
