"""Encoding detection: declared encodings that are right, missing or wrong, and bytes that fit no encoding."""

from __future__ import annotations

import codecs

import pytest

from feedarchive.document.charset_detection import Decoded, decode
from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse_document import parse_document
from tests.unit.document.languages import CHINESE, FRENCH, JAPANESE, RUSSIAN

URL = "https://example.org/feed.xml"


def rss(title: str, encoding: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return f'{declaration}<rss version="2.0"><channel><item><title>{title}</title></item></channel></rss>'


def read(body: bytes, content_type: str = "") -> tuple[str, tuple[str, ...]]:
    """The title of the only entry, and the damage of the document."""
    document = parse_document(body, URL, content_type)
    assert isinstance(document, Document)
    (entry,) = document.entries
    return entry.title.value, document.damage


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_overrides_every_declaration(bom: bytes, encoding: str) -> None:
    text = rss(RUSSIAN, "iso-8859-1")
    body = bom + text.encode(encoding)
    assert decode(body, "text/xml; charset=koi8-r") == Decoded(text, encoding)
    assert read(body, "text/xml; charset=koi8-r") == (RUSSIAN, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [rss(RUSSIAN, "utf-16"), rss(RUSSIAN), rss(RUSSIAN).replace("rss", "feed")])
def test_utf_16_without_a_byte_order_mark_is_detected(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


def test_half_a_character_at_the_end_of_utf_16_is_a_bad_byte() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"c")
    assert decoded == Decoded("ab\ufffd", "utf-16-le", 1)


@pytest.mark.parametrize("header", ["windows-1251", '"windows-1251"', "WINDOWS-1251", "cp1251"])
def test_an_encoding_that_only_the_header_declares_is_used(header: str) -> None:
    body = rss(RUSSIAN).encode("cp1251")
    assert decode(body, f"application/rss+xml; charset={header}").encoding == "cp1251"
    assert read(body, f"application/rss+xml; charset={header}") == (RUSSIAN, ())


@pytest.mark.parametrize(
    ("declared", "encoding", "title"),
    [
        ("windows-1251", "cp1251", RUSSIAN),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("ISO-8859-15", "iso8859-15", "L’été coûte 5 €".replace("’", "'")),
        ("Shift_JIS", "cp932", JAPANESE),
        ("EUC-JP", "euc_jp", JAPANESE),
        ("GBK", "gb18030", CHINESE),
        ("Big5", "big5hkscs", "中文標題：圖書館今天開放"),
        ("EUC-KR", "cp949", "도서관이 문을 열었습니다"),
    ],
)
def test_an_encoding_that_only_the_document_declares_is_used(declared: str, encoding: str, title: str) -> None:
    text = rss(title, declared)
    assert decode(text.encode(encoding)) == Decoded(text, encoding)
    assert read(text.encode(encoding)) == (title, ())


@pytest.mark.parametrize("header", ["iso-8859-1", "us-ascii", "ISO_8859-1", "latin1", "windows-1252"])
def test_the_document_overrides_a_header_of_latin_1(header: str) -> None:
    body = rss(RUSSIAN, "windows-1251").encode("cp1251")
    assert decode(body, f"text/xml; charset={header}").encoding == "cp1251"
    assert read(body, f"text/xml; charset={header}") == (RUSSIAN, ())


def test_another_header_overrides_the_document() -> None:
    body = rss(RUSSIAN, "iso-8859-1").encode("koi8-r")
    assert read(body, "text/xml; charset=koi8-r") == (RUSSIAN, ())


def test_the_document_overrides_an_impossible_header() -> None:
    body = rss(RUSSIAN, "windows-1251").encode("cp1251")
    assert read(body, "text/xml; charset=utf-8") == (RUSSIAN, ())
    assert read(body, "text/xml; charset=euc-jp") == (RUSSIAN, ())


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "windows-1251", "us-ascii", "gb2312", "shift_jis"])
def test_valid_utf_8_is_utf_8_whatever_is_declared(label: str) -> None:
    text = rss(FRENCH, label)
    assert decode(text.encode(), f"text/xml; charset={label}") == Decoded(text, "utf-8")
    assert read(text.encode(), f"text/xml; charset={label}") == (FRENCH, ())


@pytest.mark.parametrize("label", ["utf-16", "UTF-16LE", "utf-32", "ucs-2"])
def test_utf_8_declared_as_utf_16_is_read(label: str) -> None:
    assert read(rss(RUSSIAN, label).encode(), f"text/xml; charset={label}") == (RUSSIAN, ())


def test_an_impossible_declaration_of_utf_16_is_ignored() -> None:
    assert read(rss("café", "utf-16").encode("cp1252")) == ("café", ())


@pytest.mark.parametrize("header", ["", "text/xml; charset=utf-8"])
def test_cyrillic_declared_as_utf_8_is_detected(header: str) -> None:
    text = rss(RUSSIAN, "utf-8")
    decoded = decode(text.encode("cp1251"), header)
    assert decoded == Decoded(text, "cp1251")
    assert read(text.encode("cp1251"), header) == (RUSSIAN, ())


def test_gb18030_declared_as_gb2312_is_decoded() -> None:
    title = CHINESE + "镕喆€"  # outside GB 2312
    body = rss(title, "gb2312").encode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    assert decode(body).encoding == "gb18030"
    assert read(body) == (title, ())


def test_latin_1_is_decoded_as_windows_1252() -> None:
    assert read(rss("“It’s” 5 €", "iso-8859-1").encode("cp1252")) == ("“It’s” 5 €", ())


@pytest.mark.parametrize(
    ("declared", "encoding", "title"),
    [("iso-8859-9", "cp1254", "İstanbul’da şehir"), ("tis-620", "cp874", "ข่าววันนี้ “ไทย”")],
)
def test_other_declarations_are_decoded_as_the_larger_set_as_well(declared: str, encoding: str, title: str) -> None:
    assert decode(rss(title, declared).encode(encoding)).encoding == encoding
    assert read(rss(title, declared).encode(encoding)) == (title, ())


def test_iso_2022_jp_is_not_taken_for_utf_8() -> None:
    text = rss(JAPANESE, "iso-2022-jp")
    body = text.encode("iso-2022-jp")
    assert body.isascii()
    assert decode(body) == Decoded(text, "iso2022_jp")
    assert read(body) == (JAPANESE, ())


def test_utf_8_declared_as_iso_2022_jp_is_utf_8() -> None:
    assert read(rss(JAPANESE, "iso-2022-jp").encode()) == (JAPANESE, ())


def test_garbled_text_of_the_publisher_is_not_changed() -> None:
    assert read(rss("The CafÃ©", "utf-8").encode()) == ("The CafÃ©", ())


@pytest.mark.parametrize("declared", ["utf-8", "UTF8", "utf-8-sig", ""])
def test_one_bad_byte_costs_one_character_and_is_reported(declared: str) -> None:
    body = rss(f"{FRENCH} It@s", declared).encode().replace(b"@", b"\x92")
    assert decode(body) == Decoded(rss(f"{FRENCH} It’s", declared), "utf-8", 1)
    assert read(body) == (f"{FRENCH} It’s", ("1 byte that is not utf-8",))


def test_the_bad_byte_may_be_the_only_one_that_is_not_ascii() -> None:
    body = rss("It@s", "utf-8").encode().replace(b"@", b"\x92")
    assert read(body) == ("It’s", ("1 byte that is not utf-8",))


def test_a_bad_byte_that_windows_1252_lacks_becomes_the_replacement_character() -> None:
    body = rss(f"{FRENCH} a@b", "utf-8").encode().replace(b"@", b"\x81")
    assert read(body) == (f"{FRENCH} a\ufffdb", ("1 byte that is not utf-8",))


def test_half_a_character_at_the_end_of_utf_8_is_a_bad_byte() -> None:
    body = rss(RUSSIAN).encode()
    decoded = decode(body + "<!-- я".encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(rss(RUSSIAN))
    assert decoded.bad_bytes == 1


def test_replacement_characters_of_the_publisher_are_not_bad_bytes() -> None:
    title = "\ufffd" * 30
    assert read(rss(title, "utf-8").encode()) == (title, ())
    body = rss(title + "é@", "utf-8").encode().replace(b"@", b"\x92")
    assert read(body) == (f"{title}é’", ("1 byte that is not utf-8",))


def test_bytes_that_are_bad_in_the_declared_encoding_are_counted() -> None:
    body = rss("caf@ @@", "windows-1252").encode().replace(b"@", b"\x81")
    assert read(body) == ("caf\ufffd \ufffd\ufffd", ("3 bytes that are not cp1252",))
    assert decode(body) == Decoded(rss("caf\ufffd \ufffd\ufffd", "windows-1252"), "cp1252", 3)


@pytest.mark.parametrize(
    "label",
    (
        "base64 rot13 rot-13 hex zlib bz2 uu quopri undefined idna punycode charmap unicode_escape raw_unicode_escape"
        " aliases .. mbcs - :"
    ).split(),
)
def test_a_codec_of_python_that_is_not_an_encoding_is_ignored(label: str) -> None:
    assert read(rss("café", label).encode("cp1252"), f"text/xml; charset={label}") == ("café", ())
    assert read(rss("a\\u0041b", label).encode(), f"text/xml; charset={label}") == ("a\\u0041b", ())


@pytest.mark.parametrize("body", [b"", b"  \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n", codecs.BOM_UTF16_LE])
def test_white_space_is_an_empty_document(body: bytes) -> None:
    assert decode(b"") == Decoded("", "utf-8")
    assert parse_document(body, URL) == NotAFeed("an empty document")


def test_json_is_decoded_by_the_same_rules() -> None:
    text = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"title": "{FRENCH} It@s"}}]}}'
    body = codecs.BOM_UTF8 + text.encode().replace(b"@", b"\x92")
    assert read(body, "application/feed+json") == (f"{FRENCH} It’s", ("1 byte that is not utf-8",))


@pytest.mark.parametrize(
    "pair", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&amp;#55357;&amp;#56832;", "&#xd83d;&#56832;"]
)
def test_two_references_to_surrogates_are_one_character(pair: str) -> None:
    assert read(rss(f"A {pair} smile").encode()) == ("A 😀 smile", ())


@pytest.mark.parametrize("reference", ["&#55357;", "&#x1F600;", "&#56832;&#55357;"])
def test_other_references_stay_as_they_are(reference: str) -> None:
    assert decode(reference.encode()).text == reference


def test_surrogates_in_bytes_are_one_character() -> None:
    cesu_8 = b"A " + "\ud83d\ude00".encode("utf-8", "surrogatepass") + " é".encode()
    assert decode(rss("@").encode().replace(b"@", cesu_8)) == Decoded(rss("A 😀 é"), "utf-8")
