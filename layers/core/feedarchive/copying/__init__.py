"""Copy an archive between folders and S3: only what is missing, each file checked by its hash."""
