"""The web pages of ``feedarchive serve``: who may read what, and that nothing else is served."""
