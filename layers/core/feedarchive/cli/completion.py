"""``feedarchive completion``: a script for shells."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode


def completion(arguments: argparse.Namespace) -> int:
    """Print the script that a shell evaluates. It calls this program for the completions."""
    print(shellcode(["feedarchive"], shell=arguments.shell))
    return 0
