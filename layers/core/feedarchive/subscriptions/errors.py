"""Errors of this package. Code that only catches them need not import the other modules."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file is not valid OPML. The message has one line, with the file, the line and the reason."""


class CannotEdit(Exception):
    """A feeds file is valid, but it is written in a way that this program cannot edit. The message has one line."""
