"""Feedarchive: keeps every article its feeds ever showed, once, as a Markdown file."""

__version__ = "0.1.0"
