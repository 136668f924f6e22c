"""Full-text search over an archive in a folder."""
