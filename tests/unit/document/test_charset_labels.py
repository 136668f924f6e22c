"""Names of encodings: those of the WHATWG standard, and others that publishers write."""

from __future__ import annotations

import pytest

from feedarchive.document.charset_detection import decode
from tests.unit.document.languages import HEBREW, RUSSIAN
from tests.unit.document.test_charset_detection import read, rss


@pytest.mark.parametrize(
    ("label", "encoding", "title"),
    [
        ("windows-874", "cp874", "ข่าววันนี้"),
        ("iso-8859-8-i", "iso8859-8", HEBREW),
        ("x-mac-cyrillic", "mac-cyrillic", RUSSIAN),
        ("x-sjis", "cp932", "～日本語の記事～"),
        ("ks_c_5601-1987", "cp949", "도서관이 문을 열었습니다"),
        ("x-x-big5", "big5hkscs", "圖書館"),
        ("dos-874", "cp874", "ข่าว"),
        ("logical", "iso8859-8", HEBREW),
        ("unicode-1-1-utf-8", "utf-8", RUSSIAN),
    ],
)
def test_labels_of_the_whatwg_standard_are_known(label: str, encoding: str, title: str) -> None:
    body = rss(title, label).encode(encoding)
    assert decode(body).encoding == encoding
    assert read(body) == (title, ())
