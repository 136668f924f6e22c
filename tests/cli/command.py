"""The command as a user has it: a process of its own in a folder of its own, on a terminal or not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminal import LONGEST, terminal

MODULE = (sys.executable, "-m", "feedarchive")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status and what it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON document on stdout, and nothing else there."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(problem["feed"], problem["kind"]) for problem in self.report["problems"]]


@dataclass(frozen=True)
class Desk:
    """A working directory, with the archive ``my-archive`` in it once there is one."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "my-archive"

    def write_feeds(self, *tables: str, head: str = "[fetch]\nallow_private_addresses = true\n") -> None:
        """The archive's own feeds.toml: ``tables`` are the lines below each [[feeds]]."""
        self.archive.mkdir(exist_ok=True)
        text = head + "".join(f"\n[[feeds]]\n{table}\n" for table in tables)
        (self.archive / "feeds.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, program: tuple[str, ...] = MODULE, env: Mapping[str, str] | None = None) -> Ran:
        """Run the command without a terminal. It never ends in a traceback."""
        done = subprocess.run(
            [*program, *arguments], cwd=self.folder, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, encoding="utf-8", timeout=LONGEST, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def run_on_terminal(self, *arguments: str, columns: int = 160) -> tuple[int, str]:
        """Run the command on a terminal: its status, and all that was shown, without colours."""
        with terminal([*MODULE, *arguments], self.folder, columns) as at:
            status = at.status()
        assert b"Traceback" not in at.shown, at.shown.decode()
        return status, _ESCAPE.sub("", at.shown.decode())

    def articles(self) -> list[str]:
        """Every article's path below the archive."""
        return sorted(path.relative_to(self.archive).as_posix() for path in self.archive.glob("archive/*/*/*/*/*.md"))
