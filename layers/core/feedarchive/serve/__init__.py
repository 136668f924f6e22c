"""The window (``feedarchive serve``): web pages that show an archive in the browser. They only read the archive."""
