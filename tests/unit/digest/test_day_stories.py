"""Articles of several sites about one event are listed together, and digest.json has a group for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

from feedarchive.digest.digest import Digest, make_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_current_digest, to_json
from feedarchive.digest.markdown_page import markdown_page
from feedarchive.pages.day_page import day_page
from feedarchive.pages.page_names import links_of, site_pages
from tests.unit.digest.entries import DAY, entry, revision

TITLE = "The council of Oldtown votes to rebuild the stone bridge"


def report(site: str, feed: str, number: int, words: int = 10, published: str = "2025-12-25T08:00:00Z") -> DigestEntry:
    key = f"archive/2025/12/25/{site}/bridge-{number:012x}.md"
    return entry(TITLE, published, id=f"{number:032x}", key=key, site=site, feed=feed, words=words)


def others() -> list[DigestEntry]:
    names = "flour comet ferry museum harvest library tram orchestra lighthouse market".split()
    return [entry(f"{name} {n}", site=f"{name}.example") for n, name in enumerate(names)]


REPORTS = [
    report("bbc.example", "BBC", 7, words=90),
    report("dw.example", "D[W]", 3),
    report("aja.example", "Al Jazeera", 5),
]


def digest_of(entries: Sequence[DigestEntry]) -> Digest:
    return make_digest(DAY, "UTC", [*entries, *others()])


def groups(digest: Digest) -> dict[str, str]:
    files = json.loads(to_json(digest))["files"]
    return {file["key"]: file["group"] for file in files if file["group"]}


def test_digest_json_has_the_smallest_id_as_group_whatever_the_order() -> None:
    expected = {each.key: f"{3:032x}" for each in REPORTS}
    entries = [*REPORTS, *others()]
    for seed in range(3):
        Random(seed).shuffle(entries)
        assert groups(make_digest(DAY, "UTC", entries)) == expected


def test_groups_are_not_read_from_digest_json() -> None:
    """When the other articles of its group are gone, an article is in no group."""
    entries = parse_current_digest(to_json(digest_of(REPORTS)), DAY, "UTC").entries
    assert len(entries) == 13
    left = [each for each in entries.values() if each.site not in ("dw.example", "aja.example")]
    assert groups(make_digest(DAY, "UTC", left)) == {}


def test_digest_md_lists_the_longest_article_and_links_the_others() -> None:
    page = markdown_page(digest_of(REPORTS)).decode()
    folder = "bridge-00000000000"
    assert (
        f"\n## BBC\n\n- [{TITLE}](bbc.example/{folder}7.md) "
        f"(also: [Al Jazeera](aja.example/{folder}5.md), [D\\[W\\]](dw.example/{folder}3.md)): About "
    ) in page
    assert page.count(TITLE) == 1
    assert "13 articles from 13 feeds" in page


def test_the_page_of_the_day_lists_them_once_with_links_to_the_others() -> None:
    digest = digest_of([*REPORTS, report("evil.example", '"><script>', 9)])
    page = day_page(digest, links_of(site_pages(digest))).decode()
    assert page.count(f"<bdi>{TITLE}</bdi>") == 1
    assert (
        f'Also: <a href="evil.example.html#{9:012x}" title="{TITLE}"><bdi>&#34;&gt;&lt;script&gt;</bdi></a>, ' in page
    )
    assert f'<a href="dw.example.html#{3:012x}" title="{TITLE}"><bdi>D[W]</bdi></a></p>' in page


def test_revisions_and_the_backlog_are_in_no_story() -> None:
    old = report("old.example", "Old", 1, published="2025-12-01T08:00:00Z")
    edited = revision(TITLE)
    assert groups(digest_of([REPORTS[0], old, edited])) == {}
