"""A real Hugo builds a site from the archive: every page exists, displays its text, and runs nothing."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import Revision, render
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.document.model import Entry, Text
from feedarchive.text import one_line
from tests.unit.article.difficult_titles import BODIES, TITLES

HUGO = Path(sys.executable).parent / "hugo"
ARCHIVED = datetime(2025, 12, 25, 10, tzinfo=UTC)
_CONFIGURATION = """
baseURL = "https://archive.example/"
title = "Archive"
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.extensions.typographer]
disable = true
[markup.goldmark.parser.attribute]
block = true
title = true
"""
# These templates show only the front matter that Hugo parsed, and the body that it rendered.
_SINGLE = '<html><body><pre id="fields">{{ .Params | jsonify }}</pre><main>{{ .Content }}</main></body></html>'
_LIST = "<html><body>{{ range .Pages }}<a>{{ .Title }}</a>{{ end }}</body></html>"


@dataclass(frozen=True)
class Site:
    """The output of Hugo, and its page for each file."""

    output: str
    pages: dict[str, str]

    def fields(self, name: str) -> dict[str, Any]:
        root = lxml.html.document_fromstring(self.pages[name])
        fields: dict[str, Any] = json.loads(root.get_element_by_id("fields").text_content())
        return fields

    def main(self, name: str) -> lxml.html.HtmlElement:
        main = lxml.html.document_fromstring(self.pages[name]).find(".//main")
        assert main is not None
        return main


@cache
def files() -> dict[str, bytes]:
    """The article files that Hugo renders.

    - for each title, a file that also has the title in other fields of its front matter
    - for each body, three files: the body as Markdown, as HTML, and from plain text
    - a revision
    """
    made: dict[str, bytes] = {}
    for number, title in enumerate(TITLES):
        line = one_line(title)
        entry = Entry(
            summary=Text(title), guid=title, authors=(line,), tags=("x", line), published="2031-01-01", language="en"
        )
        source = EntrySource("https://example.com/feed", title=line)
        made[f"title-{number}"] = render(compose(entry, line, "https://example.com/", source, "0" * 32), ARCHIVED)
    for number, (body, _) in enumerate(BODIES):
        for html_body in (False, True):
            source = EntrySource("https://example.com/feed", html_body=html_body)
            article = compose(Entry(contents=(Text(body, html=True),)), "Body", "", source, "0" * 32)
            made[f"body-{number}-{'html' if html_body else 'markdown'}"] = render(article, ARCHIVED)
        plain = compose(Entry(contents=(Text(html.unescape(body)),)), "Body", "", EntrySource(""), "0" * 32)
        made[f"body-{number}-plain"] = render(plain, ARCHIVED)
    revision = Revision(2, "archive/2025/12/24/example.com/x-000000000000.md")
    article = compose(Entry(summary=Text("Revised")), "Revised", "", EntrySource(""), "0" * 32)
    made["title-0.r2"] = render(article, ARCHIVED, revision)
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    (folder / "hugo.toml").write_text(_CONFIGURATION, encoding="utf-8")
    layouts = folder / "layouts"
    layouts.mkdir()
    (layouts / "single.html").write_text(_SINGLE, encoding="utf-8")
    (layouts / "list.html").write_text(_LIST, encoding="utf-8")
    content = folder / "content/archive/2025/12/25/example.com"
    content.mkdir(parents=True)
    for name, data in files().items():
        (content / f"{name}.md").write_bytes(data)
    done = subprocess.run(
        [HUGO, "--source", folder, "--destination", folder / "public", "--cacheDir", folder / "cache"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)}, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    public = folder / "public/archive/2025/12/25/example.com"
    pages = {
        name: (public / name / "index.html").read_text(encoding="utf-8")
        for name in files()
        if (public / name / "index.html").exists()
    }
    return Site(done.stdout + done.stderr, pages)


def test_hugo_prints_no_warning(site: Site) -> None:
    assert re.findall(r"(?i)^.*\b(?:warn|error|deprecated)\b.*$", site.output, re.MULTILINE) == []


def test_every_file_becomes_a_page_even_with_a_future_date(site: Site) -> None:
    assert sorted(files()) == sorted(site.pages)
    assert sum(b"published_claimed" in data for data in files().values()) == len(TITLES)


def test_hugo_reads_every_field_unchanged(site: Site) -> None:
    for name, data in files().items():
        written, read = parse_front_matter(data.decode()), site.fields(name)
        for key in ("title", "description", "image", "link", "source", "author", "feed", "guid", "tags", "wording"):
            assert read.get(key) == written.get(key), (name, key)
        assert read["draft"] is False
        assert str(read["date"]).startswith("2025-12-25")


@pytest.mark.parametrize("form", ["markdown", "html", "plain"])
@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_body_displays_its_text_and_runs_nothing(site: Site, number: int, form: str) -> None:
    main = site.main(f"body-{number}-{form}")
    seen = " ".join(main.text_content().replace("\u2060", "").split())
    if form != "plain":
        assert " ".join(BODIES[number][1].split()) in seen
    assert main.find(".//script") is None
    for element in main.iter():
        for attribute, value in element.attrib.items():
            assert not str(attribute).startswith("on")
            assert "javascript:" not in str(value)


def test_shortcodes_in_plain_text_are_text(site: Site) -> None:
    seen = site.main("body-0-plain").text_content().replace("\u2060", "")
    assert "<p>Shortcode {{< youtube abc >}} in text</p>" in seen


def test_a_title_as_a_body_is_displayed_unchanged(site: Site) -> None:
    def letters(text: str) -> str:
        return "".join(char for char in text if char.isalnum())

    for number, title in enumerate(TITLES):
        assert letters(site.main(f"title-{number}").text_content()) == letters(title), title
