"""XML that means harm: nothing is fetched, nothing grows, nothing takes long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from small_feeds import item, read, rss, titles

from feedarchive.document.charset import decode


def _laughs(first_line: str, joined_by: str) -> str:
    entities = ['<!ENTITY l0 "haha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))]
    declared = joined_by.join(("", *entities, ""))
    return f"{first_line}<!DOCTYPE rss [{declared}]>{rss(item('&l11;'), item('two'))}"


@pytest.mark.parametrize(
    ("first_line", "joined_by"),
    [("", "\n"), ("", ""), ("<?xml version='1.0'?>\n", "\n"), ("<!-- <x -->", "\n")],
    ids=["lines", "one line", "declared", "hidden from feedparser"],
)
def test_billion_laughs_do_nothing(first_line: str, joined_by: str) -> None:
    before = time.process_time()
    document = read(_laughs(first_line, joined_by))
    assert time.process_time() - before < 20
    assert titles(document)[-1] == "two"
    assert len(document.entries[0].title.value) < 20


@pytest.mark.parametrize(
    "first_line", ["", "<?xml version='1.0'?>\n", "<!-- <x -->"], ids=["bare", "declared", "hidden"]
)
@pytest.mark.parametrize(
    "declared",
    [
        '\n<!ENTITY x SYSTEM "{file}">\n',
        '<!ENTITY x SYSTEM "{file}">',
        '\n<!ENTITY x PUBLIC "a" "{file}">\n',
        '\n<!ENTITY % p SYSTEM "{file}">\n%p;\n',
        "\n<!ENTITY % p \"<!ENTITY x SYSTEM '{file}'>\">\n%p;\n",
    ],
)
def test_external_entities_are_not_read(first_line: str, declared: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    declaration = declared.replace("{file}", secret.as_uri())
    document = read(f"{first_line}<!DOCTYPE rss [{declaration}]>{rss(item('a &x; b'), item('two'))}")
    assert titles(document)[-1] == "two"
    assert "SECRET" not in repr(document)


def test_an_external_dtd_is_not_read(tmp_path: Path) -> None:
    dtd = tmp_path / "feed.dtd"
    dtd.write_text('<!ENTITY x "SECRET">')
    document = read(f'<!DOCTYPE rss SYSTEM "{dtd.as_uri()}">{rss(item("a &x; b"))}')
    assert titles(document) == ["a &x; b"]


def test_xinclude_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    assert "SECRET" not in repr(read(rss(item("one", f"<description>{include}</description>"))))


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 20_000,
        "<![CDATA[" * 20_000,
        "<" * 40_000,
        "<a " * 20_000,
        "&" * 40_000,
        "&#" * 20_000,
        "</" * 20_000,
    ],
    ids=["comments", "CDATA", "less-thans", "tags", "ampersands", "references", "ends"],
)
def test_repairs_are_not_quadratic(text: str) -> None:
    before = time.process_time()
    document = read(rss(item("one"), f"<item><title>{text}</title></item>"))
    assert time.process_time() - before < 5
    assert titles(document)[:1] == ["one"] or document.cut_off is not None


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml " * 20_000,
        b"<?xml encoding=" * 10_000,
        b"\xe9" * 200_000,
        b"\x00" * 200_000,
        bytes(range(256)) * 1_000,
        b'<?xml version="1.0" encoding="punycode"?>' + b"-\xe9a" * 50_000,
    ],
    ids=["declarations", "encodings", "letters", "zeros", "all bytes", "punycode"],
)
def test_hostile_bytes_are_decoded_in_no_time(body: bytes) -> None:
    before = time.process_time()
    decode(body, "text/xml; charset=" + "utf-" * 10_000)
    assert time.process_time() - before < 3
