"""Where the log of a command goes. Without a terminal, stderr has problems only: cron sends a mail for each output."""

from __future__ import annotations

import logging
import sys

_LIBRARIES = ("botocore", "urllib3", "boto3", "filelock", "charset_normalizer", "s3transfer")


def set_up_log(quiet: bool, is_report: bool) -> None:
    """Log problems to stderr. Log what was done there as well if it is a terminal.

    ``quiet``: only problems. ``is_report``: without a terminal, what was done is the report of the command and goes to
    stdout. Call this function after stdout was redirected.
    """
    on_terminal = sys.stderr.isatty()
    problems = logging.StreamHandler(sys.stderr)
    handlers: list[logging.Handler] = [problems]
    if not on_terminal:
        problems.setLevel(logging.WARNING)
        if is_report and not quiet:
            done = logging.StreamHandler(sys.stdout)
            done.addFilter(lambda record: record.levelno < logging.WARNING)
            handlers.append(done)
    # A person on a terminal needs no time stamps.
    form = "%(message)s" if on_terminal else "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.WARNING if quiet else logging.INFO, format=form, handlers=handlers)
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
