"""Errors that the command line reports in one line, apart from the code that raises them: catching imports little."""

from __future__ import annotations


class InvalidOpml(Exception):
    """A file that is not usable OPML. The message is one line: file, line, reason."""


class CannotEdit(Exception):
    """A feeds file that is valid but written so that no feed can be added or removed. The message is one line."""
