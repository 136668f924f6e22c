"""The measured system "sfeed": a parser in C, and a shell script that fetches with curl, without conditional GET."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers.systems.system import first_line, plain_environment


class Sfeed:
    """``sfeed_update`` with its default settings: eight feeds at a time."""

    name = "sfeed_update"

    def version(self) -> str:
        if not shutil.which("sfeed_update"):
            return ""
        return f"sfeed {first_line(['dpkg-query', '-W', '-f', '${Version}', 'sfeed'])}".strip()

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        feeds = "\n".join(f"\tfeed 'feed{number}' '{url}'" for number, url in enumerate(urls))
        (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n{feeds}\n}}\n', encoding="utf-8")

    def command(self, folder: Path) -> Sequence[str]:
        return ["sfeed_update", str(folder / "sfeedrc")]

    def environment(self, folder: Path) -> Mapping[str, str]:
        return plain_environment(folder)

    def articles(self, folder: Path) -> int:
        return sum(path.read_bytes().count(b"\n") for path in (folder / "feeds").iterdir())
