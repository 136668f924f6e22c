"""Links and paths in the documentation lead to files and headings that exist."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, code_spans, links, page_name

PACKAGE = ROOT / "layers" / "core" / "feedarchive"
# A path in inline code, such as ``docs/images/`` or ``README.md``.
_PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|yaml|json)")
_FOLDERS = {path.name for path in [*ROOT.iterdir(), *PACKAGE.iterdir()] if path.is_dir()}
# These are not checked: in the documentation they mean folders of an archive.
_OF_AN_ARCHIVE = {"archive", "documents", "pages", "tables", "state"}


def test_there_are_pages() -> None:
    assert {"README.md", "docs/configuration.md", "docs/cli.md"} <= {page_name(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_path_of_the_repository_exists(page: Path) -> None:
    missing = [
        path
        for span in code_spans(page)
        for path in _PATH.findall(span.split(" ")[0])
        if path.split("/")[0] in _FOLDERS - _OF_AN_ARCHIVE and span.startswith(path) and not _exists(path)
    ]
    assert missing == []


def _exists(path: str) -> bool:
    return (ROOT / path).exists() or (PACKAGE / path).exists()


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    assert set(PAGES) - linked == {ROOT / "README.md"}
