"""The command ``feedarchive``: run one command, and turn its error into one line on stderr and an exit status."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from feedarchive.archive.manifest import InvalidArchive
from feedarchive.cli.arguments import parser
from feedarchive.cli.interrupt import exit_status, terminable
from feedarchive.cli.log import set_up_log
from feedarchive.cli.stdout import OutputLost, buffered_stdout
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.report import RunKilled
from feedarchive.store.interface import StoreError
from feedarchive.store.location import InvalidLocation
from feedarchive.subscriptions.errors import CannotEdit, InvalidOpml

# The module and the function of some commands. For all others, both have the name of the command.
_FUNCTIONS = {
    "forget": ("forget", "forget_articles"),
    "repair": ("verify", "repair"),
    "import": ("import_opml", "import_opml"),
}
FAILURE, USAGE_ERROR = 1, 2
OUTPUT_UNREAD = 141  # 128 plus the number of SIGPIPE, as in shells
# CPython raises a RuntimeError with this message if it cannot start a thread.
_NO_THREAD = "can't start new thread"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    _open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # If the terminal's encoding does not have a letter, print "\u1234" instead of raising an error.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with buffered_stdout():
            return _run(_parse(argv))
    except OutputLost as lost:
        return OUTPUT_UNREAD if lost.reader_left else _fail(lost, FAILURE)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    top = parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell is completing a command
        import argcomplete

        argcomplete.autocomplete(top)
    arguments, unknown = top.parse_known_args(argv)
    if unknown:
        hint = "".join(f"; for the archive {each}, write --archive {each}" for each in unknown if _is_location(each))
        top.error(f"unrecognized arguments: {' '.join(unknown)}{hint if 'archive' in arguments else ''}")
    return arguments


def _is_location(text: str) -> bool:
    return text.startswith("s3://") or Path(text).is_dir()


def _run(arguments: argparse.Namespace) -> int:
    is_report = arguments.command in ("fetch", "complete") and not arguments.json
    set_up_log(getattr(arguments, "quiet", False), is_report)
    try:
        with terminable():
            return _command(arguments.command)(arguments)
    except (InvalidFeedsFile, InvalidLocation, InvalidOpml, CannotEdit) as error:
        return _fail(error, USAGE_ERROR)
    except (StoreError, InvalidArchive, RunKilled) as error:
        return _fail(error, FAILURE)
    except RuntimeError as error:
        # The text of an error from a worker process is a traceback that ends with the message.
        if not str(error).rstrip().endswith(_NO_THREAD):
            raise
        return _fail("cannot start a thread: raise the limit on processes (ulimit -u) or free memory", FAILURE)
    except KeyboardInterrupt as interrupt:
        status = exit_status(interrupt)
        if arguments.command == "forget":
            return _fail("interrupted; run the same command again to finish", status)
        if arguments.command == "replay":
            return _fail("interrupted; delete everything in the new archive and run the same command again", status)
        return _fail("interrupted; what is archived stays archived, and the next run continues from there", status)


def _open_closed_streams() -> None:
    """Open /dev/null in place of a closed stdin, stdout or stderr (``2>&-``).

    Otherwise a file of the archive could get the free file descriptor, and printed text would be written into it.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            null = Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115 - stays open
            setattr(sys, name, null)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    # Only the module of this command is imported. Importing all modules would make --help slow.
    module, function_name = _FUNCTIONS.get(name, (name, name))
    function: Callable[[argparse.Namespace], int] = getattr(import_module(f"feedarchive.cli.{module}"), function_name)
    return function


def _fail(problem: Exception | str, status: int) -> int:
    print(f"feedarchive: {problem}", file=sys.stderr)
    return status
