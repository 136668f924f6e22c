"""Run the command as a user does: in its own process and working directory, on a terminal or not."""

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

from tests.cli.terminal import MAX_SECONDS, terminal

MODULE = (sys.executable, "-m", "feedarchive")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class CommandResult:
    """The exit status and the output of a command."""

    status: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON document on stdout; fails if there is anything else."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(problem["feed"], problem["kind"]) for problem in self.report["problems"]]


@dataclass(frozen=True)
class Workspace:
    """A working directory for the archive ``my-archive``."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "my-archive"

    def write_feeds(self, *tables: str, head: str = "[fetch]\nallow_private_addresses = true\n") -> None:
        """Write feeds.toml in the archive: ``tables`` are the lines below each [[feeds]]."""
        self.archive.mkdir(exist_ok=True)
        text = head + "".join(f"\n[[feeds]]\n{table}\n" for table in tables)
        (self.archive / "feeds.toml").write_text(text, encoding="utf-8")

    def run(
        self, *arguments: str, program: tuple[str, ...] = MODULE, env: Mapping[str, str] | None = None
    ) -> CommandResult:
        """Run the command without a terminal. Fails on a traceback."""
        done = subprocess.run(
            [*program, *arguments], cwd=self.folder, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, encoding="utf-8", timeout=MAX_SECONDS, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return CommandResult(done.returncode, done.stdout, done.stderr)

    def run_on_terminal(self, *arguments: str, columns: int = 160) -> tuple[int, str]:
        """Run the command on a terminal. Returns its status and the screen without colors. Fails on a traceback."""
        with terminal([*MODULE, *arguments], self.folder, columns) as at:
            status = at.status()
        assert b"Traceback" not in at.screen, at.screen.decode()
        return status, _ESCAPE.sub("", at.screen.decode())

    def articles(self) -> list[str]:
        """The path of every article, relative to the archive."""
        return sorted(path.relative_to(self.archive).as_posix() for path in self.archive.glob("archive/*/*/*/*/*.md"))
