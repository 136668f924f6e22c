"""Documents whose encoding is not declared, or declared wrongly: it is detected from their letters."""

from __future__ import annotations

import pytest

from feedarchive.document.charset_detection import Decoded, decode
from tests.unit.document.languages import (
    CHINESE,
    ENGLISH,
    FRENCH,
    FRENCH_TEXT,
    GREEK,
    HEBREW,
    ITALIAN,
    JAPANESE,
    POLISH,
    PORTUGUESE,
    RUSSIAN,
    SPANISH,
    TURKISH,
)
from tests.unit.document.test_charset_detection import read, rss


@pytest.mark.parametrize("label", ["", "x-unknown", "klingon"])
def test_valid_utf_8_without_a_declaration_is_utf_8(label: str) -> None:
    assert read(rss(FRENCH, label).encode(), f"text/xml; charset={label}") == (FRENCH, ())


@pytest.mark.parametrize("label", ["", "x-unknown"])
def test_few_other_bytes_without_a_declaration_are_windows_1252(label: str) -> None:
    assert read(rss("café", label).encode("cp1252"), f"text/xml; charset={label}") == ("café", ())


@pytest.mark.parametrize("label", ["", "x-unknown"])
def test_many_other_bytes_without_a_declaration_are_detected(label: str) -> None:
    assert read(rss(RUSSIAN, label).encode("cp1251")) == (RUSSIAN, ())


ALIKE = {
    "cp1252": [SPANISH, PORTUGUESE, FRENCH_TEXT, ITALIAN, ENGLISH],
    "iso8859-1": [SPANISH, PORTUGUESE, FRENCH_TEXT, ITALIAN.replace("’", "'")],
    "mac-roman": [FRENCH_TEXT, ITALIAN],
    "cp1250": [POLISH],
    "iso8859-2": [POLISH],
    "cp1251": [RUSSIAN],
    "koi8-r": [RUSSIAN],
    "iso8859-5": [RUSSIAN],
    "cp866": [RUSSIAN],
    "cp1253": [GREEK],
    "iso8859-7": [GREEK],
    "cp1254": [TURKISH],
    "cp1255": [HEBREW],
    "cp932": [JAPANESE],
    "euc_jp": [JAPANESE],
    "gb18030": [CHINESE],
    "big5": ["中文標題：圖書館今天開放，歡迎大家前來閱讀"],
    "cp949": ["도서관이 오늘 문을 열었습니다. 모두 오셔서 책을 읽어 보세요"],
    "iso2022_jp": [JAPANESE],
}


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1", "windows-1250", "windows-1251"])
@pytest.mark.parametrize(("encoding", "title"), [(name, text) for name, texts in ALIKE.items() for text in texts])
def test_a_text_is_decoded_without_a_label_or_with_a_wrong_one(encoding: str, title: str, label: str) -> None:
    title = " ".join([title] * (6 if label else 1))  # a wrong label needs more evidence
    assert read(rss(title, label).encode(encoding))[0] == title


def test_the_letters_after_a_long_beginning_in_ascii_are_decoded() -> None:
    text = rss("word " * 20_000 + "“café”")
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252")


def test_a_wrong_label_is_refuted_by_a_few_letters_of_italian() -> None:
    assert read(rss(ITALIAN, "windows-1250").encode("cp1252"))[0] == ITALIAN


@pytest.mark.parametrize(
    "title",
    [
        "They don’t know — he isn’t — who’s there? " * 40,
        "… " * 40 + "Baptist†School",
        "2.2\xa0× more ¹³C than El Niño ¯\\_ " * 2,
    ],
)
def test_many_signs_in_english_are_windows_1252(title: str) -> None:
    """In encodings of DOS, Mac OS and Central Europe, the bytes of these signs are letters."""
    assert decode(rss(title).encode("cp1252")).text == rss(title)


@pytest.mark.parametrize(
    ("label", "words"),
    [("windows-1255", "כלי יכל ילי"), ("iso-8859-2", "šuma ćuk đak"), ("windows-1251", "іва ще їжа")],
)
def test_many_signs_do_not_refute_the_right_label_of_a_few_words(label: str, words: str) -> None:
    signs = "\xa0and\xa0so on\xa0" if label == "iso-8859-2" else ENGLISH
    body = rss(f"{signs} " * 30 + f"{words} " * 4, label).encode(label)
    assert decode(body).text == body.decode(label)


@pytest.mark.parametrize("title", ["“It’s” 5 € – naïve", "Zürich", "café", "© 2025 · El Niño"])
def test_a_few_letters_are_windows_1252(title: str) -> None:
    assert read(rss(title).encode("cp1252"))[0] == title
