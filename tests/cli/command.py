"""Run the command as a user does: in its own process and working directory, on a terminal or not."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli import forked_command
from tests.cli.forked_command import MODULE, START_VARIABLES
from tests.cli.terminal import MAX_SECONDS, terminal

__all__ = ["MODULE", "CommandResult", "Workspace", "run"]

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


def run(
    arguments: Sequence[str], folder: Path, env: Mapping[str, str], program: tuple[str, ...] = MODULE
) -> CommandResult:
    """Run a program. The command ``feedarchive`` runs in a fork, which is faster than a new interpreter.

    It needs a new interpreter if ``env`` sets variables that are read only at the start, such as PYTHONPATH.
    """
    if program == MODULE and not any(name.startswith(START_VARIABLES) for name in set(env) - set(os.environ)):
        return CommandResult(*forked_command.run(arguments, folder, env, MAX_SECONDS))
    done = subprocess.run(
        [*program, *arguments], cwd=folder, env=env, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", timeout=MAX_SECONDS, check=False,
    )  # fmt: skip
    return CommandResult(done.returncode, done.stdout, done.stderr)


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
        """Run the command without a terminal, in a process of its own. Fails on a traceback."""
        result = run(arguments, self.folder, {**os.environ, **(env or {})}, program)
        assert "Traceback" not in result.stderr, result.stderr
        return result

    def run_on_terminal(self, *arguments: str, columns: int = 160) -> tuple[int, str]:
        """Run the command on a terminal. Returns its status and the screen without colors. Fails on a traceback."""
        with terminal([*MODULE, *arguments], self.folder, columns) as at:
            status = at.status()
        assert b"Traceback" not in at.screen, at.screen.decode()
        return status, _ESCAPE.sub("", at.screen.decode())

    def articles(self) -> list[str]:
        """The path of every article, relative to the archive."""
        return sorted(path.relative_to(self.archive).as_posix() for path in self.archive.glob("archive/*/*/*/*/*.md"))
