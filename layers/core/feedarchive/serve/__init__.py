"""A window onto an archive in the browser (``feedarchive serve``). It only reads."""
