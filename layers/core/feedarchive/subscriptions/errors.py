"""Errors that the command line reports in one line. In a module of their own, so that it imports little to catch them."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file that is not usable OPML. The message is one line: file, line, reason."""


class CannotEdit(Exception):
    """A feeds file that is valid but written so that no feed can be added or removed. The message is one line."""
