"""The arguments of ``feedarchive serve``, which shows an archive in the browser."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_Option = Callable[[argparse.ArgumentParser], None]

_SERVE = (
    "Show the archive in the browser: search, days, articles with all their versions, and feeds. By default only "
    "this machine can connect. With --host, other machines can connect too, but only with the token in the printed "
    "address. The archive is not changed."
)


def add_serve_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option) -> None:
    """Add the command ``serve``."""
    command = commands.add_parser("serve", help="show the archive in the browser", description=_SERVE)
    archive(command)
    command.add_argument(
        "--port", metavar="PORT", type=_port, default=8000, help="the port (default: 8000); 0 takes a free port"
    )
    command.add_argument(
        "--host",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, which only this machine can reach)",
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)
