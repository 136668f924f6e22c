"""Discovery over HTTP, and changes of feeds.toml in a folder and in S3."""
