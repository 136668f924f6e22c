"""XML written to do harm: nothing is loaded, no text grows, and the time stays linear."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.document.charset_detection import decode
from tests.harness.linear_time import assert_linear_time
from tests.unit.document.small_feeds import item, read, rss, titles


def _laughs(first_line: str, joined_by: str) -> str:
    entities = ['<!ENTITY l0 "haha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))]
    declared = joined_by.join(("", *entities, ""))
    return f"{first_line}<!DOCTYPE rss [{declared}]>{rss(item('&l11;'), item('two'))}"


@pytest.mark.parametrize(
    ("first_line", "joined_by"),
    [("", "\n"), ("", ""), ("<?xml version='1.0'?>\n", "\n"), ("<!-- <x -->", "\n")],
    ids=["lines", "one line", "with XML declaration", "behind a comment"],
)
def test_nested_entities_are_not_expanded(first_line: str, joined_by: str) -> None:
    document = read(_laughs(first_line, joined_by))
    assert titles(document)[-1] == "two"
    assert len(document.entries[0].title.value) < 20


@pytest.mark.parametrize(
    "first_line",
    ["", "<?xml version='1.0'?>\n", "<!-- <x -->"],
    ids=["bare", "with XML declaration", "behind a comment"],
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
def test_external_entities_are_not_loaded(first_line: str, declared: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    declaration = declared.replace("{file}", secret.as_uri())
    document = read(f"{first_line}<!DOCTYPE rss [{declaration}]>{rss(item('a &x; b'), item('two'))}")
    assert titles(document)[-1] == "two"
    assert "SECRET" not in repr(document)


def test_an_external_dtd_is_not_loaded(tmp_path: Path) -> None:
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
    "repeated",
    ["<!--", "<![CDATA[", "<", "<a ", "&", "&#", "</"],
    ids=["comments", "CDATA", "less-than signs", "tags", "ampersands", "references", "end tags"],
)
def test_repairs_take_linear_time(repeated: str) -> None:
    def make(count: int) -> str:
        return rss(item("one"), f"<item><title>{repeated * count}</title></item>")

    assert_linear_time(read, make, 5_000)
    document = read(make(100))
    assert titles(document)[:1] == ["one"] or document.cut_off is not None


@pytest.mark.parametrize(
    "repeated",
    [b"<?xml ", b"<?xml encoding=", b"\xe9" * 10, b"\x00" * 10, bytes(range(256)), b"-\xe9a"],
    ids=["declarations", "encodings", "letters", "zeros", "all bytes", "punycode"],
)
def test_decoding_takes_linear_time(repeated: bytes) -> None:
    start = b'<?xml version="1.0" encoding="punycode"?>' if repeated == b"-\xe9a" else b""
    content_type = "text/xml; charset=" + "utf-" * 10_000
    assert_linear_time(
        lambda body: decode(body, content_type), lambda size: start + repeated * (size // len(repeated)), 25_000
    )
