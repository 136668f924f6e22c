"""The feeds.toml of a new archive: the project's ``seeds/feeds.toml``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def starter_feeds() -> str:
    """The text of ``seeds/feeds.toml``, from the installed package or from the source tree."""
    packaged = files("feedarchive").joinpath("seeds/feeds.toml")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[4] / "seeds" / "feeds.toml").read_text(encoding="utf-8")
