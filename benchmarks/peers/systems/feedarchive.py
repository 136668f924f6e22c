"""The measured system "feedarchive": an archive in a folder, called as in the README."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers.systems.system import first_line, plain_environment

COMMAND = Path(sys.executable).with_name("feedarchive")
_PROJECT = Path(__file__).parents[3]


class Feedarchive:
    """``feedarchive fetch``, with ``--all`` because recently polled feeds are not due."""

    name = "feedarchive"

    def version(self) -> str:
        commit = first_line(["git", "-C", str(_PROJECT), "describe", "--always", "--dirty", "--abbrev=8"])
        version = first_line([str(COMMAND), "--version"])
        return f"{version} ({commit})" if version and commit else version

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "feeds.toml").write_text(feeds_file(urls), encoding="utf-8")

    def command(self, folder: Path) -> Sequence[str]:
        return [str(COMMAND), *f"fetch --json --all --archive {folder}/my-archive --feeds {folder}/feeds.toml".split()]

    def environment(self, folder: Path) -> Mapping[str, str]:
        return plain_environment(folder)

    def articles(self, folder: Path) -> int:
        return sum(1 for _ in (folder / "my-archive" / "archive").rglob("*.md"))


def feeds_file(urls: Sequence[str]) -> str:
    """A feeds file that allows feeds on this machine."""
    return "\n".join(
        ["[fetch]", "allow_private_addresses = true", *(f"[[feeds]]\nurl = {json.dumps(u)}" for u in urls)]
    )
