"""The web pages of ``feedarchive serve``: what they show, who may read them, and that no other file is served."""
