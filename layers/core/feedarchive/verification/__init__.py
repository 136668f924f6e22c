"""Check and repair an archive or a copy: its files, digests, index, claims, media, documents, and chain of records."""
