"""Find the Python 3.13 that compiles the bytecode of the layer. Without bytecode, a cold start takes twice as long."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

WARNING = (
    "Python 3.13 was not found, and uv could not install it: the layer has no bytecode, so each cold start takes about "
    "twice as long. It works all the same. Install Python 3.13 and run make deploy again to change that."
)


def find_compiler() -> Path | None:
    """Return the path of a Python 3.13 from the PATH or from uv, which may install it. None if there is none."""
    if on_path := shutil.which("python3.13"):
        path = _output([on_path, "-c", "import sys; print(sys.executable)"])
        if path:
            return Path(path)
    uv = Path(sys.prefix) / "bin" / "uv"
    if not uv.exists():
        return None
    find = [str(uv), "python", "find", "--no-project", "--managed-python", "3.13"]
    if not _output(find):
        _output([str(uv), "python", "install", "--no-bin", "3.13"])
    found = _output(find)
    return Path(found) if found else None


def _output(command: list[str]) -> str:
    """Return the output of a command; "" if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no user input
    return done.stdout.strip() if done.returncode == 0 else ""
