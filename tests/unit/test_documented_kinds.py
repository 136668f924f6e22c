"""The kinds of problems that there are, and those that the documentation lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import feedarchive
from feedarchive.polling import http_errors

ROOT = Path(__file__).parents[2]
# Where the kind stands among a call's arguments.
PLACES = {"FetchFailed": 0, "Problem": 1, "RejectedEntry": 1, "name": 0}


def _kinds_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = PLACES.get(called)
            kind = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(kind, ast.Constant):
                yield str(kind.value)


def test_every_kind_of_problem_is_documented_and_no_other() -> None:
    sources = (Path(feedarchive.__file__).parent).rglob("*.py")
    found = {kind for path in sources for kind in _kinds_in(path.read_text(encoding="utf-8"))}
    found |= {*http_errors._KINDS.values(), "server-error", "http", "proxy", "dropped", "empty"}
    section = (ROOT / "docs" / "archive-format.md").read_text(encoding="utf-8").partition("## Problems")[2]
    listed = {kind for row in re.findall(r"^\| (`.*?) \|", section, re.M) for kind in re.findall(r"`([a-z-]+)`", row)}
    assert found == listed
