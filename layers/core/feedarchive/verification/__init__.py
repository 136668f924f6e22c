"""Check and repair an archive or a copy: files, digests, index, claims, media, feed documents, chain of records."""
