"""Commands in the documentation exist: feedarchive with its options, make targets, Python modules."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from feedarchive.cli.arguments import parser
from tests.docs.pages import PAGES, ROOT, command_lines, page_name

_PARSER = parser()
_FEEDARCHIVE = re.compile(r"(?:^|[/ ])feedarchive (?=[a-z-])(.*)")
_MODULE = re.compile(r"python3? -m ([\w.]+)")
_MAKE = re.compile(r"(?:^|sudo )make ((?:[a-z0-9-]+ ?)+)")
# Texts that look like a command but stand for any command.
_PLACEHOLDERS = {"feedarchive COMMAND"}
# Sentences name these commands without the argument that they require.
_REQUIRED = {
    "forget": "https://example.org/article", "add": "example.org", "remove": "example", "import": "feeds.opml",
    "preview": "example.org", "completion": "bash", "history": "https://example.org/article",
    "diff": "https://example.org/article",
    "copy": "my-archive s3://bucket", "prove": "archive/2025/12/25/example.org/a.md", "repair": "copy",
    "replay": "my-archive --archive healed",
}  # fmt: skip


def _arguments(line: str) -> list[str]:
    """The arguments of ``feedarchive`` in a line, without arguments in brackets and without what follows a pipe."""
    match = _FEEDARCHIVE.search(line)
    assert match
    required = re.sub(r"\[[^\]]*\]|…", "", match[1])
    return shlex.split(re.split(r"\s{2,}|[|>;&]", required)[0])


def _feedarchive_lines(page: Path) -> list[str]:
    return [line for line in command_lines(page) if _FEEDARCHIVE.search(line) and line not in _PLACEHOLDERS]


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_feedarchive_command_parses(page: Path) -> None:
    for line in _feedarchive_lines(page):
        arguments = _arguments(line)
        if len(arguments) == 1 and arguments[0] in _REQUIRED:
            arguments += _REQUIRED[arguments[0]].split()
        if arguments == ["--version"]:
            continue
        _PARSER.parse_args(arguments)  # exits, and so fails, with a usage error


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {word for line in command_lines(page) for found in _MAKE.findall(line) for word in found.split()}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_python_module_exists(page: Path) -> None:
    for line in command_lines(page):
        for module in _MODULE.findall(line):
            assert importlib.util.find_spec(module), line


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("init", "add", "import", "fetch", "digest", "status", "forget"):
        assert f"feedarchive {command}" in readme


def test_the_tests_find_commands() -> None:
    lines = _feedarchive_lines(ROOT / "docs" / "operation.md")
    assert any("ExecStart" in line for line in lines)
    assert any(line.startswith("*/15") for line in lines)
