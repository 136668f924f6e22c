"""Set up the log of a command. Without a terminal, only problems go to stderr, so that cron mails only problems."""

from __future__ import annotations

import logging
import sys

_LIBRARIES = ("botocore", "urllib3", "boto3", "filelock", "charset_normalizer", "s3transfer", "waitress")


def set_up_log(quiet: bool, is_report: bool) -> None:
    """Send the log to stderr. If stderr is not a terminal, only problems go to stderr.

    - ``quiet``: log only problems.
    - ``is_report``: if stderr is not a terminal, send lines that are not problems to stdout instead of dropping them.

    Call this after ``sys.stdout`` was replaced, because the log keeps the current ``sys.stdout``.
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
    # waitress warns if a request waits for a thread. This is normal: a browser sends several requests at once.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
