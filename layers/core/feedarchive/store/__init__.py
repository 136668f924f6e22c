"""Store the files of an archive in a folder or in S3. Both have the same interface (interface.py)."""
