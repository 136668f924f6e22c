"""The options of ``feedarchive replay``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_Add = Callable[[argparse.ArgumentParser], None]
_REPLAY = (
    "Make a new archive from the feed documents that another archive has kept (keep_documents), as if this version of "
    "the program had archived each document when it was fetched. An archive that exists is never changed. Exit status "
    "1 if documents were left out; the message names them."
)


def add_replay_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], feeds: _Add, json: _Add) -> None:
    """Add the command ``replay``.

    ``feeds`` and ``json`` are functions that add the options ``--feeds`` and ``--json``.
    """
    command = commands.add_parser(
        "replay", help="make a new archive from the documents that were kept", description=_REPLAY
    )
    location = "a folder, or s3://bucket[/prefix]"
    command.add_argument(
        "documents",
        metavar="DOCUMENTS",
        help=f"an archive, its folder documents/, or a copy of this folder: {location}",
    )
    feeds(command)
    json(command)
    command.add_argument("--archive", metavar="NEW", required=True, help=f"where to make the new archive: {location}")
