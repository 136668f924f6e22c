"""Keep feed documents as they were served, in WARC 1.1 files, and read them again."""
