"""The measured system "newsboat": a feed reader for the terminal, in C++ with SQLite.

Each call of the program polls all feeds and exits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.peers.systems.system import first_line, plain_environment


class Newsboat:
    """``newsboat -x reload``, with as many threads as feedarchive has.

    newsboat saves validators only from its second poll on. So its second poll also gets full documents.
    """

    name = "newsboat"

    def version(self) -> str:
        return first_line(["newsboat", "--version"]).partition(" - ")[0]

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
        (folder / "config").write_text("reload-threads 16\n", encoding="utf-8")

    def command(self, folder: Path) -> Sequence[str]:
        return ["newsboat", *f"-u {folder}/urls -c {folder}/cache.db -C {folder}/config -x reload".split()]

    def environment(self, folder: Path) -> Mapping[str, str]:
        return plain_environment(folder)

    def articles(self, folder: Path) -> int:
        with closing(sqlite3.connect(folder / "cache.db")) as database:
            return int(database.execute("SELECT count(*) FROM rss_item").fetchone()[0])
