"""Errors of this package, in a module that is fast to import."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file is not valid OPML. The message names the file and the reason."""


class CannotEdit(Exception):
    """This program cannot edit a feeds file, although the file is valid. The message has one line."""
