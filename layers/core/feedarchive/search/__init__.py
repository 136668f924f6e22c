"""Search the texts of an archive in a folder, with an index in SQLite. The index may be deleted at any time."""
