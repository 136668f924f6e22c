"""Pages to read in a browser: a list of all days, a page for each day, and pages with the articles of each site."""
