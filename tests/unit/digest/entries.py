"""Entries of a digest from a few words."""

from __future__ import annotations

from datetime import date

from feedarchive.digest.digest_entry import DigestEntry

DAY = date(2025, 12, 25)


def entry(title: str, published: str = "2025-12-25T08:00:00Z", **fields: object) -> DigestEntry:
    """An article of example.org's feed that was archived on Christmas at ten."""
    site = str(fields.get("site", "example.org"))
    name = title.lower().replace(" ", "-")
    values: dict[str, object] = {
        "key": f"archive/2025/12/25/{site}/{name}-0123456789ab.md",
        "id": "0" * 32,
        "title": title,
        "link": f"https://{site}/{name}",
        "description": f"About {title.lower()}.",
        "image": "",
        "site": site,
        "feed": "The Example",
        "source": f"https://{site}/feed.xml",
        "author": "",
        "tags": (),
        "published": published,
        "archived": "2025-12-25T10:00:00Z",
        "words": 10,
        "bytes": 100,
        "sha256": "",
    }
    return DigestEntry(**{**values, **fields})  # type: ignore[arg-type]


def numbered(number: int) -> DigestEntry:
    """An article with this number in its title, key and id."""
    key = f"archive/2025/12/25/example.org/article-{number:012x}.md"
    return entry(f"Article {number}", key=key, id=f"{number:032x}", sha256="0" * 64)


def revision(title: str, number: int = 2) -> DigestEntry:
    """A later version of an article of the day before."""
    previous = f"archive/2025/12/24/example.org/{title.lower()}-0123456789ab.md"
    return entry(title, published="2025-12-20T08:00:00Z", revision=number, previous=previous)
