"""The web pages of ``feedarchive serve``, which show an archive in the browser. They never change the archive."""
