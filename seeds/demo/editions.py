"""The demo's feeds as they are published: from templates, with dates relative to now.

A template has three kinds of placeholders:

- ``{rss 5 h ago}``, ``{iso 5 h ago}`` and ``{day 5 d ago}``: a time before now, in the form that the feed format wants;
- ``{before}…{/before}``: only in the first edition of the feed;
- ``{later}…{/later}``: only in the second edition, in which two articles were edited and one was added.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

Edition = Literal["before", "later"]

TEMPLATES = Path(__file__).resolve().parent / "feeds"
_TIME = re.compile(r"\{(rss|iso|day) (\d+) ([hd]) ago\}")
_EDITION = re.compile(r"\{(before|later)\}(.*?)\{/\1\}", re.DOTALL)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
# When a feed was last modified. The two must differ by a second at least: HTTP's dates have no fractions.
_MODIFIED = {"before": timedelta(hours=3), "later": timedelta(hours=1)}


def write_feeds(folder: Path, edition: Edition, now: datetime) -> None:
    """Write every feed into a folder. The files' times become the feeds' ``Last-Modified``."""
    modified = (now - _MODIFIED[edition]).timestamp()
    for template in TEMPLATES.iterdir():
        file = folder / template.name
        file.write_text(fill_in(template.read_text(encoding="utf-8"), edition, now), encoding="utf-8")
        os.utime(file, (modified, modified))


def fill_in(template: str, edition: Edition, now: datetime) -> str:
    """Replace the placeholders of a template. ``now`` has a time zone."""
    text = _EDITION.sub(lambda match: match[2] if match[1] == edition else "", template)
    return _TIME.sub(lambda match: _written(match[1], now - int(match[2]) * _UNITS[match[3]]), text)


def _written(form: str, moment: datetime) -> str:
    if form == "rss":
        return format_datetime(moment)
    return moment.date().isoformat() if form == "day" else moment.isoformat(timespec="seconds")
