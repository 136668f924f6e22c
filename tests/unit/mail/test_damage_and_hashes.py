"""The mail names lost files. It contains hashes, so that the receiver has a copy of them outside the archive."""

from __future__ import annotations

import json

from feedarchive.digest.digest import make_digest
from feedarchive.mail.announcement import Place, announcement_for
from feedarchive.mail.html_mail import html_mail
from feedarchive.mail.mail import DayProof
from tests.harness.clock import CHRISTMAS
from tests.unit.digest.entries import DAY, entry

HASHES = [
    f"SHA-256 of archive/2025/12/25/digest.json: {'a' * 64}",
    f"SHA-256 of days/2025-12-24.json, which covers the archive up to that day: {'c' * 64}",
]


def test_lost_files_and_hashes_are_in_all_parts() -> None:
    proof = DayProof("a" * 64, "b" * 64, ("2025-12-24", "c" * 64))
    damage = [f"{number}.md: is <gone>" for number in range(25)]
    digest = make_digest(DAY, "UTC", [entry("A bridge")])
    made = announcement_for(digest, Place("my-archive"), [], CHRISTMAS, damage, proof)
    assert made.subject == "Feedarchive 2025-12-25: 25 files missing or damaged; 1 article from 1 feed: A bridge"
    lines = made.text.splitlines()
    start = lines.index("Files that are missing or changed:")
    assert lines[start + 1 : start + 21] == [f"- {line}" for line in damage[:20]]
    assert lines[start + 21 :] == ["and 5 more: feedarchive status lists all", "", *HASHES]
    data = json.loads(made.data)
    assert (data["digest_sha256"], data["files_sha256"], data["damage"]) == ("a" * 64, "b" * 64, 25)
    assert data["previous"] == {"day": "2025-12-24", "sha256": "c" * 64}
    html = html_mail(made.mail)
    assert "<p>19.md: is &lt;gone&gt;</p>" in html
    assert all(line in html for line in HASHES)
