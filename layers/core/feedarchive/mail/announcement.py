"""The announcement of a day, or of several days without a new article. Subscribers get it by mail, queue or webhook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from anyascii import anyascii

from feedarchive.digest.digest import Digest
from feedarchive.mail.attention import Attention
from feedarchive.mail.compose_mail import mail_of_day, mail_of_silence, with_proof
from feedarchive.mail.mail import DayProof, Mail
from feedarchive.mail.text_mail import text_mail
from feedarchive.text import one_line, shorten

_MAX_SUBJECT_CHARS = 99
_EMOJI_NAME = re.compile(r":[a-z0-9_]+:")


@dataclass(frozen=True)
class Announcement:
    """An announcement in each form that an Announcer may need.

    - ``subject`` is ASCII and shorter than 100 characters, as SNS requires.
    - ``text`` is the mail as plain text.
    - ``data`` is JSON for programs.
    - ``mail`` has the contents of the mail, from which an HTML mail can be made.
    """

    subject: str
    text: str
    data: str
    mail: Mail


class Announcer(Protocol):
    """Publishes announcements, for example on an Amazon SNS topic or by Amazon SES."""

    def announce(self, announcement: Announcement) -> None:
        """Publish an announcement. Raises StoreError if this fails. The next build then tries again."""


@dataclass(frozen=True)
class Place:
    """Where an archive is.

    - ``location`` is a path or the URL of a bucket.
    - ``pages_url`` is the URL of the folder ``pages/`` on a web server, "" if the folder is on no web server.
    """

    location: str
    pages_url: str = ""


def announcement_for(
    digest: Digest,
    place: Place,
    attention: Sequence[Attention],
    now: datetime,
    damage: Sequence[str] = (),
    proof: DayProof | None = None,
) -> Announcement:
    """Return the announcement of a day. ``damage`` has a line for each file that is missing or was changed."""
    mail = with_proof(mail_of_day(digest, place.location, attention, now, place.pages_url), digest, damage, proof)
    keys = {"json": f"{digest.folder}digest.json", "markdown": f"{digest.folder}digest.md", "html": digest.page}
    data = {"day": mail.name, "location": place.location, **keys, "counts": digest.counts(), **_proof_fields(proof)}
    return _announcement(mail, {**data, "damage": len(damage)} if damage else data)


def _proof_fields(proof: DayProof | None) -> dict[str, object]:
    if proof is None:
        return {}
    previous = {"previous": dict(zip(("day", "sha256"), proof.previous, strict=True))} if proof.previous else {}
    return {"digest_sha256": proof.digest, "files_sha256": proof.files, **previous}


def silence_announcement(
    since: date, until: date, place: Place, attention: Sequence[Attention], now: datetime
) -> Announcement:
    """Return the announcement that no article was archived for some days.

    - ``since``: the day on which the last article was archived.
    - ``until``: the last day without articles.
    """
    mail = mail_of_silence(since, until, place.location, attention, now, place.pages_url)
    data = {"silent_since": since.isoformat(), "silent_until": until.isoformat(), "location": place.location}
    return _announcement(mail, data)


def _announcement(mail: Mail, data: Mapping[str, object]) -> Announcement:
    return Announcement(_ascii_subject(mail), text_mail(mail), json.dumps(data), mail)


def _ascii_subject(mail: Mail) -> str:
    """Return the subject in ASCII. The names that ``anyascii`` writes for emoji are removed."""
    written = _EMOJI_NAME.sub(" ", anyascii(f"Feedarchive {mail.day.isoformat()}: {mail.topic}"))
    subject = one_line(written.encode("ascii", "ignore").decode())
    if len(subject) <= _MAX_SUBJECT_CHARS:
        return subject
    return shorten(subject, _MAX_SUBJECT_CHARS - 2).removesuffix("…") + "..."
