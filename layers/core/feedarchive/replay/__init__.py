"""Make a new archive from the feed documents that another one has kept."""
