"""Errors of this package, in a module that is fast to import."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file is not valid OPML. The message names the file and the reason."""


class CannotEdit(Exception):
    """A feeds file is valid, but this program cannot edit it. The message has one line."""
