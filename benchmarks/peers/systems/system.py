"""The interface of a measured system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class System(Protocol):
    """A program that polls feeds and stores their entries in a folder. One ``command`` polls all feeds once."""

    name: str

    def version(self) -> str:
        """The name and version of the program; "" if it is not installed."""

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        """Subscribe to feeds. The time for this is not measured."""

    def command(self, folder: Path) -> Sequence[str]:
        """The command line of a poll."""

    def environment(self, folder: Path) -> Mapping[str, str]:
        """The environment variables of the command."""

    def articles(self, folder: Path) -> int:
        """The number of stored entries."""


def plain_environment(folder: Path) -> dict[str, str]:
    """The environment of a user whose home is ``folder``."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


def first_line(command: Sequence[str]) -> str:
    """The first line of a command's output; "" if it fails or does not exist."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.partition("\n")[0].strip() if done.returncode == 0 else ""
