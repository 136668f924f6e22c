"""Copy an archive between folders and S3. Only missing files are copied. The hash of each copied file is checked."""
