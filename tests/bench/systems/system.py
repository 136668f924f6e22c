"""What is asked of a system to measure it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class System(Protocol):
    """A program that polls feeds and keeps their entries in a folder. One ``command`` is one poll of all feeds."""

    name: str

    def version(self) -> str:
        """Which one it is; "" where it is not installed."""

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        """Subscribe to feeds. Not measured."""

    def command(self, folder: Path) -> Sequence[str]:
        """What a user would call."""

    def environment(self, folder: Path) -> Mapping[str, str]:
        """What the command sees of the environment."""

    def articles(self, folder: Path) -> int:
        """How many entries it keeps now."""


def plain_environment(folder: Path) -> dict[str, str]:
    """A user whose home is the folder."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


def first_line(command: Sequence[str]) -> str:
    """The first line that a command prints; "" where there is no such command."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.partition("\n")[0].strip() if done.returncode == 0 else ""
