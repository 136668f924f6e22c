"""No hostile snippet becomes active content in an article rendered by GitHub's cmark, by Hugo, or in Obsidian."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import lxml.html
import pytest

from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.article.yaml_format import body_of
from feedarchive.document.model import Enclosure, Entry, Text
from feedarchive.markdown.visible_text import plain_line
from tests.hostile.active_content import as_github, dangers_of
from tests.hostile.format_violations import violations_of
from tests.hostile.obsidian import obsidian_syntax_in
from tests.hostile.pipeline import ARCHIVED, URL
from tests.hostile.snippets import DIALECTS, SNIPPETS

ALL = {**SNIPPETS, **DIALECTS}
FORMS = ["markdown", "plain", "html", "fields"]
HUGO = Path(sys.executable).parent / "hugo"
_CONFIGURATION = """
baseURL = "https://archive.example/"
disableKinds = ["taxonomy", "term", "home", "RSS", "sitemap"]
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser.attribute]
block = true
title = true
"""


@cache
def files() -> dict[tuple[str, str], bytes]:
    """Four article files for each snippet: three have it in the body, and one has it in all other fields."""
    written = {}
    for name, snippet in ALL.items():
        plain = html.unescape(snippet)
        line = plain_line(Text(plain))
        entries = {
            "markdown": Entry(contents=(Text(snippet, html=True),)),
            "plain": Entry(contents=(Text(plain),)),
            "html": Entry(contents=(Text(snippet, html=True),)),
            "fields": Entry(
                guid=plain,
                summary=Text(snippet, html=True),
                authors=(plain,),
                tags=(plain, snippet),
                enclosures=(Enclosure("https://example.org/x) [y](javascript:z)", plain, 1, plain),),
                images=(plain,),
                language=plain,
            ),
        }
        for form, entry in entries.items():
            source = EntrySource(URL, title=line, html_body=form == "html")
            written[name, form] = render(compose(entry, line, "https://example.org/x", source, "0" * 32), ARCHIVED)
    return written


@pytest.mark.parametrize("form", FORMS)
def test_github_renders_no_active_content(form: str) -> None:
    assert {name: found for name in ALL if (found := violations_of(files()[name, form]))} == {}


@pytest.mark.parametrize("form", ["markdown", "plain", "fields"])
def test_obsidian_finds_no_syntax_of_its_own(form: str) -> None:
    texts = {name: files()[name, form].decode() for name in ALL}
    assert {name: found for name, text in texts.items() if (found := obsidian_syntax_in(body_of(text)))} == {}
    assert [name for name, text in texts.items() if "<%" in text] == []


def test_bodies_that_stay_html_are_safe_in_obsidian() -> None:
    texts = {name: files()[name, "html"].decode() for name in ALL}
    assert {name: found for name, text in texts.items() if (found := dangers_of(body_of(text)))} == {}
    assert [name for name, text in texts.items() if "<%" in text] == []


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """All files as pages by Hugo, with raw HTML enabled."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "hugo.toml").write_text(_CONFIGURATION, encoding="utf-8")
    (folder / "layouts").mkdir()
    page = "<html><body><h1>{{ .Title }}</h1><main>{{ .Content }}</main></body></html>"
    (folder / "layouts" / "single.html").write_text(page, encoding="utf-8")
    (folder / "layouts" / "list.html").write_text("x", encoding="utf-8")
    content = folder / "content" / "archive"
    content.mkdir(parents=True)
    numbers = {key: str(number) for number, key in enumerate(files())}
    for key, number in numbers.items():
        (content / f"{number}.md").write_bytes(files()[key])
    done = subprocess.run(
        [HUGO, "--source", folder, "--destination", folder / "public", "--cacheDir", folder / "cache"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)}, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return {key: (folder / f"public/archive/{n}/index.html").read_text("utf-8") for key, n in numbers.items()}


def test_hugo_renders_no_active_content(pages: dict[tuple[str, str], str]) -> None:
    assert len(pages) == len(ALL) * len(FORMS)
    for key, page in pages.items():
        inside = re.search(r"<main>(.*)</main></body>", page, re.DOTALL)
        assert inside, key
        assert dangers_of(inside.group(1)) == [], key
        assert "HAHAHUGOSHORTCODE" not in page, key


def test_hugo_renders_every_word_of_plain_texts(pages: dict[tuple[str, str], str]) -> None:
    """Escaping loses nothing: every letter of a plain text is on its page."""
    for name, snippet in ALL.items():
        page = lxml.html.document_fromstring(pages[name, "plain"])
        main = page.find(".//main")
        assert main is not None
        assert letters(html.unescape(snippet)) in letters(main.text_content()), name


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def test_the_checks_detect_active_content() -> None:
    for dangerous in (
        "[x](javascript:alert(1))",
        "<b onclick=x>y</b>",
        "<script>x</script>",
        "- [ ] x",
        "x[^1]\n\n[^1]: y",
    ):
        assert dangers_of(as_github(dangerous)) != [], dangerous
    for syntax in OBSIDIAN_SYNTAX:
        assert obsidian_syntax_in(syntax) != [], syntax


OBSIDIAN_SYNTAX = (
    *("[[x]]", "![[x]]", "%%x%%", "==x==", "$x$", "x[^1]", "> [!note] x", "text ^abc", "- [ ] x", "a #tag", "<b>x</b>"),
    *("`= x`", "`` $= x ``", "```dataview\nx\n```", "> ```query\n> x\n> ```", "<% x %>", "\\<% x %>", "a `b` `= c`"),
)
