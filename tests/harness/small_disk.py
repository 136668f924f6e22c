"""A folder on a disk of its own that is full after some kilobytes, or read-only: a tmpfs in a mount namespace."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")


@cache
def can_mount() -> bool:
    """Whether this user may mount a tmpfs in a namespace of its own (Linux; some containers forbid it)."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run([*_NAMESPACE, "mount -t tmpfs tmpfs /tmp"], capture_output=True, check=False)
    return done.returncode == 0


def run_on_disk(folder: Path, script: str, *commands: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a shell script in ``folder``. Its mounts are removed when it ends. ``$1``, ``$2`` … run the commands."""
    wrappers = []
    for number, command in enumerate(commands, 1):
        wrapper = folder / f"command-{number}"
        wrapper.write_text("#!/bin/sh\nexec " + " ".join(f"'{part}'" for part in command) + "\n", encoding="utf-8")
        wrapper.chmod(0o755)
        wrappers.append(str(wrapper))
    return subprocess.run(
        [*_NAMESPACE, script, "sh", *wrappers], cwd=folder, env=dict(os.environ), capture_output=True, text=True,
        timeout=180, check=False,
    )  # fmt: skip
