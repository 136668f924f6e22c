"""Storage of an archive: a folder or an S3 bucket behind one interface, and compare-and-swap."""
