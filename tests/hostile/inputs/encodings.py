"""Hostile bytes: wrong, rare and broken encodings."""

from __future__ import annotations

from tests.hostile.inputs.forms import Input, filled, item, rss
from tests.hostile.inputs.xml import XML

_SCRIPT = item("<description>&lt;script&gt;alert(1)&lt;/script&gt;</description>")


def _as(encoding: str, declared: str, size: int) -> bytes:
    inside = item(f"<description>{filled('déjà vu ', size)}</description>")
    return f'<?xml version="1.0" encoding="{declared}"?>{rss(inside).decode()}'.encode(encoding, "xmlcharrefreplace")


def _hidden_laughs(encoding: str) -> bytes:
    return XML["billion laughs"].make(0).decode().encode(encoding)


def _raw(piece: bytes, size: int) -> bytes:
    return rss(item("<description>PIECE</description>")).replace(b"PIECE", piece * (size // len(piece)))


ENCODINGS = {
    "UTF-7": Input(
        lambda n: b'<?xml version="1.0" encoding="utf-7"?>' + rss(_SCRIPT).decode().encode("utf-7"),
        "text/xml; charset=utf-7",
    ),
    "UTF-7 shifts": Input(lambda n: _raw(b"+AGE-+", n), "text/xml; charset=utf-7"),
    "UTF-16": Input(lambda n: _as("utf-16", "utf-16", n // 2)),
    "UTF-8 declared as UTF-16": Input(lambda n: _as("utf-8", "utf-16", n)),
    "UTF-16 declared as UTF-8": Input(lambda n: _as("utf-16", "utf-8", n // 2)),
    "UTF-32": Input(lambda n: _as("utf-32", "utf-32", n // 4)),
    "EBCDIC": Input(lambda n: _as("cp037", "cp037", n)),
    "billion laughs in UTF-32": Input(lambda n: _hidden_laughs("utf-32")),
    "billion laughs in EBCDIC": Input(lambda n: _hidden_laughs("cp037"), "text/xml; charset=cp037"),
    "billion laughs in UTF-7": Input(lambda n: _hidden_laughs("utf-7"), "text/xml; charset=utf-7"),
    "zeros": Input(lambda n: _raw(b"\x00", n)),
    "zeros only": Input(lambda n: b"\x00" * n),
    "lone surrogates": Input(lambda n: _raw(b"\xed\xa0\x80", n)),
    "overlong": Input(lambda n: _raw(b"\xc0\xbc\xe0\x80\xbc", n)),
    "starts of characters": Input(lambda n: _raw(b"\xf0\x9f", n)),
    "latin letters": Input(lambda n: _raw(b"\xe9", n)),
    "latin letters, declared as UTF-8": Input(lambda n: b'<?xml version="1.0" encoding="utf-8"?>' + _raw(b"\xe9 ", n)),
    "all bytes": Input(lambda n: _raw(bytes(range(256)), n)),
    "all bytes only": Input(lambda n: bytes(range(256)) * (n // 256)),
    "mixed encodings": Input(lambda n: _raw("é".encode() + "é".encode("cp1252") + "é".encode("utf-16"), n)),
    "C1 controls": Input(lambda n: _raw("\x85\x93\x94".encode(), n)),
    "control characters": Input(lambda n: _raw(b"\x01\x02\x1b", n)),
    "control references": Input(lambda n: _raw(b"&#1;&#x1F;&#xD800;", n)),
    "non-characters": Input(lambda n: _raw("\uffff\ufdd0".encode(), n)),
    "emoji": Input(lambda n: _raw("🎄".encode(), n)),
    "charset of the header": Input(lambda n: rss(_SCRIPT), "text/xml; charset=" + "utf-" * 10_000),
    "Japanese shifts": Input(lambda n: _raw(b"\x1b$B\x1b(B", n), "text/xml; charset=iso-2022-jp"),
    "Chinese shifts": Input(lambda n: _raw(b"~{~}", n), "text/xml; charset=hz"),
}
