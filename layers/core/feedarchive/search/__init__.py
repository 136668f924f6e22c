"""Full-text search over an archive in a folder, with an index in SQLite that may be deleted at any time."""
