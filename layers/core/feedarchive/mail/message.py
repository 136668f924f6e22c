"""Make an Internet message (RFC 5322) from a mail. The message has a text part and an HTML part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from feedarchive.mail.html_mail import html_mail
from feedarchive.mail.mail import MAX_TITLES, Mail, limited
from feedarchive.mail.text_mail import text_mail
from feedarchive.text import shorten

MAX_BYTES = 100_000
"""The maximum size of a message in bytes. Gmail hides everything after the first 102 KB."""

_MAX_SUBJECT_CHARS = 150
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOT_IN_A_LABEL = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True)
class Envelope:
    """The addresses of a mail, and the name of the archive that sends it.

    - ``sender`` and ``recipient`` are plain addresses such as ``archive@example.org``.
    - ``archive`` is the name of the archive.
    """

    sender: str
    recipient: str
    archive: str


def message_for(mail: Mail, envelope: Envelope) -> bytes:
    """Compose the message. If it would be larger than MAX_BYTES, the mail is shortened.

    The Message-ID is made from the mail's name and the envelope, so the same mail always has the same Message-ID.
    """
    titles, attention = MAX_TITLES, len(mail.attention)
    while len(data := _compose(limited(mail, titles, attention), envelope)) > MAX_BYTES:
        titles, attention = titles * 3 // 4, attention * 3 // 4
    return data


def _compose(mail: Mail, envelope: Envelope) -> bytes:
    domain = envelope.sender.rpartition("@")[2]
    label = _NOT_IN_A_LABEL.sub("-", envelope.archive.lower()).strip("-") or "archive"
    message = EmailMessage(policy=SMTP)
    message["From"] = envelope.sender
    message["To"] = envelope.recipient
    message["Subject"] = subject_of(mail)
    message["Date"] = format_datetime(mail.time)
    message["Message-ID"] = f"<{mail.name}.{label}.feedarchive@{domain}>"
    # Amazon SES replaces the Message-ID, so mail programs cannot recognize a mail that is sent twice. With References,
    # they show both mails in one thread.
    message["References"] = f"<thread.{mail.name}.{label}.feedarchive@{domain}>"
    message["List-Id"] = f"Feedarchive <{label}.feedarchive.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    text, html = text_mail(mail), html_mail(mail)
    message.set_content(text, cte=_shorter_encoding(text))
    message.add_alternative(html, subtype="html", cte=_shorter_encoding(html))
    # The boundary is fixed, so that the same mail always has the same bytes. Text in quoted-printable or base64 never
    # contains "=_", so no part contains the boundary.
    message.set_boundary("=_feedarchive_parts")
    return message.as_bytes()


def _shorter_encoding(text: str) -> str:
    """Return the transfer encoding in which ``text`` is shorter."""
    data = text.encode()
    return "quoted-printable" if sum(byte > 127 for byte in data) < 0.18 * len(data) else "base64"


def subject_of(mail: Mail) -> str:
    """Return the subject on one line, such as ``25 Dec: 12 articles from 3 feeds, 2 updated: A title``."""
    return shorten(f"{mail.day.day} {_MONTHS[mail.day.month - 1]}: {mail.topic}", _MAX_SUBJECT_CHARS)
