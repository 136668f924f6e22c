"""Copy an archive between folders and S3. Only missing files are copied, and each file is checked by its hash."""
