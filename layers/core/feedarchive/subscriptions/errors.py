"""Errors of this package. They have a module of their own so that catching them imports nothing else."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file that is not valid OPML. The message is one line: file, line, reason."""


class CannotEdit(Exception):
    """A valid feeds file in a notation that this program cannot edit. The message is one line."""
