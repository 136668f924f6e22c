"""Feedarchive: keeps every article that its feeds ever contained, once, as a Markdown file."""

__version__ = "0.1.0"
