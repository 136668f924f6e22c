"""The public form of a URL: how messages, logs, ids and files write the URL of a feed, without its secrets.

Secrets are the login, references such as ``{env:TOKEN}``, and the values of parameters that look like secrets. Only
requests contain the secrets themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from urllib.parse import quote, unquote, urlsplit

from feedarchive.urls import without_credentials

MASK = "***"
"""What is written in place of a secret."""
URL_REFERENCE = re.compile(r"\{(env:[A-Za-z_][A-Za-z0-9_]*|ssm:[A-Za-z0-9_.%-]+)\}")
"""A reference to a secret in a URL. The slashes in the name of an ``ssm:`` parameter are percent-encoded."""
_LOGIN = re.compile(r"^(\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)([^/?#]*)@")
_PARAMETER = re.compile(r"(?<=[?&;#])([^=&;#?/]{1,100})=([^&;#]+)")
_PATH_PARAMETER = re.compile(r"(?<=;)([^=;/?#]{1,100})=([^;/?#]+)")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_SECRET_WORDS = {
    "token", "secret", "password", "passwd", "passphrase", "pass", "pwd", "pw", "auth", "authorization", "signature",
    "sig", "credential", "credentials", "jwt", "hmac", "key",
}  # fmt: skip
# A parameter is secret if its name ends with one of these words, even without a separator: "feedtoken".
_SECRET_ENDS = ("token", "secret", "password", "passwd", "signature", "sessionid", "sessid")
_KEYS = re.compile(r"(?:access|account|api|app|auth|client|feed|license|login|member|private|rss|secret|user)key")
_NOT_SECRET = re.compile(r"\d{0,3}|true|false|yes|no", re.IGNORECASE)


def public_url(url: str) -> str:
    """The URL as it may be shown, logged and stored: without secrets."""
    url = URL_REFERENCE.sub(MASK, without_credentials(url))
    start = _start_of_query(url)
    return _PATH_PARAMETER.sub(_masked, url[:start]) + _PARAMETER.sub(_masked, url[start:])


def masked_url(url: str) -> str:
    """Returns the URL with its login and its secrets masked. References to secrets (``{env:TOKEN}``) are not masked."""
    login = _LOGIN.match(url)
    if login and not _is_reference(login.group(2)):
        url = f"{login.group(1)}{MASK}@{url[login.end() :]}"
    start = _start_of_query(url)
    return _PATH_PARAMETER.sub(_masked, url[:start]) + _PARAMETER.sub(_masked, url[start:])


def has_secrets(url: str) -> bool:
    """Whether a URL contains a login, a secret parameter, a reference to a secret, or the mask ``***``."""
    shown = public_url(url)
    return shown != url or MASK in shown


def secret_parts(template: str, url: str) -> tuple[str, ...]:
    """Returns the secret path segments and parameters of a requested URL. ``hide_secrets`` hides them in texts.

    A parameter is secret if its name looks like the name of a secret. A segment or parameter is also secret if the
    subscribed URL, ``template``, has a reference to a secret in the same place: with the template
    ``https://example.org/{env:TOKEN}/feed``, the segment "/abc" of ``https://example.org/abc/feed`` is secret.
    """
    parts = [match.group() for match in _parameters(url) if _is_secret(match)]
    if URL_REFERENCE.search(template):
        parts += _replaced_parts(template, url)
    return tuple(dict.fromkeys(form for part in dict.fromkeys(parts) for form in _forms_of(part)))


def hide_secrets(text: str, parts: Iterable[str]) -> str:
    """Returns the text with ``parts`` masked: ``token=abc`` becomes ``token=***``. ``secret_parts`` finds the parts."""
    for part in parts:
        if part in text:
            name = "/" if part.startswith("/") else part.partition("=")[0] + "="
            text = text.replace(part, name + MASK)
    return text


def is_secret_name(name: str) -> bool:
    """Whether the name of a parameter looks like the name of a secret, such as ``api_key`` or ``feedToken``."""
    name = unquote(name)
    words = {word.lower() for word in _WORD.findall(name)}
    compact = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(words & _SECRET_WORDS) or compact.endswith(_SECRET_ENDS) or bool(_KEYS.fullmatch(compact))


def _parameters(url: str) -> Iterator[re.Match[str]]:
    start = _start_of_query(url)
    yield from _PATH_PARAMETER.finditer(url[:start])
    yield from _PARAMETER.finditer(url, start)


def _start_of_query(url: str) -> int:
    return min((found for mark in "?#" if (found := url.find(mark)) >= 0), default=len(url))


def _is_secret(match: re.Match[str]) -> bool:
    value = match.group(2)
    return (
        is_secret_name(match.group(1))
        and value != MASK
        and not URL_REFERENCE.fullmatch(value)
        and not _NOT_SECRET.fullmatch(value)
    )


def _is_reference(login: str) -> bool:
    """Check whether the password (or the user name, if there is no password) is a reference to a secret."""
    # A reference such as "{env:NAME}" contains a colon, so it is replaced before the login is split at the colon.
    user, _, password = re.sub(URL_REFERENCE, "{}", login).partition(":")
    return (password or user) == "{}"


def _masked(match: re.Match[str]) -> str:
    return f"{match.group(1)}={MASK}" if _is_secret(match) else match.group()


def _replaced_parts(template: str, url: str) -> Iterator[str]:
    """Yields the path segments and parameters of ``url`` for which ``template`` has references to secrets."""
    written, actual = urlsplit(without_credentials(template)), urlsplit(url)
    for before, after in zip_longest(written.path.split("/"), actual.path.split("/"), fillvalue=""):
        if URL_REFERENCE.search(before) and after:
            yield f"/{after}"
    for before, after in zip_longest(written.query.split("&"), actual.query.split("&"), fillvalue=""):
        if URL_REFERENCE.search(before) and after:
            yield after


def _forms_of(part: str) -> list[str]:
    """Returns three spellings of a part of a URL: unchanged, percent-decoded and percent-encoded."""
    name, mark, value = part.partition("=") if not part.startswith("/") else ("/", "", part[1:])
    plain = unquote(value)
    return [f"{name}{mark}{each}" for each in (value, plain, quote(plain, safe=""))]
