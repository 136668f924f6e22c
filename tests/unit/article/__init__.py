"""The article file: front matter, file names, revisions, and how Hugo reads it."""
