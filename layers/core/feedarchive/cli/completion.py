"""``feedarchive completion``: print a script with which a shell completes commands."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode


def completion(arguments: argparse.Namespace) -> int:
    """Print the script. When a shell has evaluated it, the shell asks feedarchive for completions."""
    print(shellcode(["feedarchive"], shell=arguments.shell))
    return 0
