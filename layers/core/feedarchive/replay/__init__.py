"""Make a new archive from the feed documents that another archive has kept."""
