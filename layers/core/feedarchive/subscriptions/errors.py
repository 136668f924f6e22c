"""Errors of this package. They have a module of their own, so that code that catches them need not import the rest."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file is not valid OPML. The message is one line: file, line, reason."""


class CannotEdit(Exception):
    """A feeds file is valid, but this program cannot edit its notation. The message is one line."""
