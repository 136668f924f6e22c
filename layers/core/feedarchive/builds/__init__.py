"""Build what is derived from article files: digests, pages, the index and status.json. Announce finished days."""
