"""Read what a podcast says about an episode: duration, number, season, transcript, chapters."""

from __future__ import annotations

import re
from typing import Any

from feedarchive.document.model import Episode

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?")
_SECONDS = re.compile(r"(\d{1,6})(?:\.\d+)?")
_MAX_NUMBER_CHARS = 20
_KEYS = frozenset(
    (
        "itunes_duration itunes_episode itunes_season podcast_episode podcast_season podcast_transcript "
        "podcast_chapters media_content"
    ).split()
)
_NONE = Episode()


def episode_of(raw: dict[str, Any]) -> Episode:
    """Return what an entry says about an episode. ``raw`` is feedparser's dictionary of the entry."""
    if _KEYS.isdisjoint(raw):
        return _NONE
    return Episode(
        duration=parse_duration(_text(raw, "itunes_duration") or _media_duration(raw)),
        number=(_text(raw, "itunes_episode") or _text(raw, "podcast_episode"))[:_MAX_NUMBER_CHARS],
        season=(_text(raw, "itunes_season") or _text(raw, "podcast_season"))[:_MAX_NUMBER_CHARS],
        transcript=_url(raw, "podcast_transcript"),
        chapters=_url(raw, "podcast_chapters"),
    )


def parse_duration(text: str) -> int | None:
    """Return a duration in seconds, such as 3723 for "1:02:03", "62:03" and "3723"; None if it is invalid or 0."""
    if clock := _CLOCK.fullmatch(text.strip()):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds or None
    plain = _SECONDS.fullmatch(text.strip())
    return int(plain.group(1)) or None if plain else None


def _media_duration(raw: dict[str, Any]) -> str:
    media = dict.get(raw, "media_content")
    durations = (each.get("duration") for each in media if isinstance(each, dict)) if isinstance(media, list) else ()
    return next((duration for duration in durations if isinstance(duration, str)), "")


def _text(raw: dict[str, Any], key: str) -> str:
    value = dict.get(raw, key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _url(raw: dict[str, Any], key: str) -> str:
    value = dict.get(raw, key)
    url = value.get("url") if isinstance(value, dict) else None
    return url.strip() if isinstance(url, str) else ""
