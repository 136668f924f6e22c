"""Feed documents as they were served, in WARC 1.1 files: keep them, read them, and replay them into a new archive."""
