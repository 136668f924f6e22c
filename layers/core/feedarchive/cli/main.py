"""The command ``feedarchive``: what went wrong is one line on stderr and an exit status."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from feedarchive.archive.open_archive import InvalidArchive
from feedarchive.cli.arguments import parser
from feedarchive.cli.interrupt import INTERRUPTED
from feedarchive.cli.stdout import OutputLost, said_at_the_end
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.report import RunKilled
from feedarchive.store.interface import StoreError
from feedarchive.store.location import InvalidLocation
from feedarchive.subscriptions.errors import CannotEdit, InvalidOpml

# By command, where it is not the name of both: the module and its function.
_COMMANDS = {
    "forget": ("forget", "forget_articles"),
    "import": ("import_opml", "import_opml"),
    "export": ("export_opml", "export_opml"),
}
_NO_THREAD = "can't start new thread"  # as CPython ends it, in a part of a run behind a traceback
_GOES_ON = "what was archived is archived, and the next run goes on from there"
FAILED, WRONG_CALL, UNWANTED = 1, 2, 141  # 141: as shells have it when a reader has left (SIGPIPE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    _open_what_is_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A title or file name that the terminal's encoding has no letters for is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with said_at_the_end():
            return _run(_parse(argv))
    except OutputLost as lost:
        return UNWANTED if lost.unwanted else _told(lost, FAILED)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    top = parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what may follow
        import argcomplete

        argcomplete.autocomplete(top)
    return top.parse_args(argv)


def _run(arguments: argparse.Namespace) -> int:
    # On stderr: stdout belongs to reports. Messages carry no time on a terminal, where a person reads along.
    form = "%(message)s" if sys.stderr.isatty() else "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, stream=sys.stderr)
    for chatty in ("botocore", "urllib3", "boto3", "filelock", "charset_normalizer", "s3transfer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return _command(arguments.command)(arguments)
    except (InvalidFeedsFile, InvalidLocation, InvalidOpml, CannotEdit) as error:
        return _told(error, WRONG_CALL)
    except (StoreError, InvalidArchive, RunKilled) as error:
        return _told(error, FAILED)
    except RuntimeError as error:
        if not str(error).rstrip().endswith(_NO_THREAD):
            raise
        return _told("this system lets it start no thread: ulimit -u is too low, or memory is short", FAILED)
    except KeyboardInterrupt:
        goes_on = "the same again finishes it" if arguments.command == "forget" else _GOES_ON
        return _told(f"interrupted; {goes_on}", INTERRUPTED)


def _open_what_is_closed() -> None:
    """A run whose output nobody wants (``2>&-``) is a run all the same; and no file of its own takes that number."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115 - it stays
            setattr(sys, name, nowhere)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    # Imported when it is called: --help need not wait for parsers and templates.
    module, function_name = _COMMANDS.get(name, (name, name))
    function: Callable[[argparse.Namespace], int] = getattr(import_module(f"feedarchive.cli.{module}"), function_name)
    return function


def _told(problem: Exception | str, status: int) -> int:
    print(f"feedarchive: {problem}", file=sys.stderr)
    return status
