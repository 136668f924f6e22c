"""The feeds file a new archive starts with: ``seeds/feeds.toml`` of the project."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def starter_feeds() -> str:
    """Its text: from the installed package, or from the source tree this module is in."""
    packaged = files("feedarchive").joinpath("seeds/feeds.toml")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[4] / "seeds" / "feeds.toml").read_text(encoding="utf-8")
