"""The measured system "reader" (lemon24/reader): a library with SQLite, in its own environment."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.peers.systems.system import first_line, plain_environment

_PYTHON = Path(__file__).parents[3] / ".venv-bench" / "bin" / "python"
_DRIVER = Path(__file__).parents[1] / "drivers" / "reader_update.py"


class Reader:
    """``update_feeds`` with 10 workers, as in its guide. It polls all feeds, whether they are due or not."""

    name = "reader"

    def version(self) -> str:
        return first_line([str(_PYTHON), "-c", "import reader; print('reader', reader.__version__)"])

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls").write_text("\n".join(urls), encoding="utf-8")
        if first_line([*self._driver("add"), str(folder / "db.sqlite"), str(folder / "urls")]) != "added":
            raise SystemExit("reader cannot add the feeds")

    def command(self, folder: Path) -> Sequence[str]:
        return [*self._driver("update"), str(folder / "db.sqlite")]

    def environment(self, folder: Path) -> Mapping[str, str]:
        return plain_environment(folder)

    def articles(self, folder: Path) -> int:
        with closing(sqlite3.connect(folder / "db.sqlite")) as database:
            return int(database.execute("SELECT count(*) FROM entries").fetchone()[0])

    def _driver(self, action: str) -> list[str]:
        return [str(_PYTHON), str(_DRIVER), action]
