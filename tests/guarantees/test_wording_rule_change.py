"""After a change of the rule for comparing wordings, articles get a revision only if they were edited."""

from __future__ import annotations

import pytest

from feedarchive.article.choose_text import ChosenText
from feedarchive.article.version_1_text import richest_text
from feedarchive.document.model import Entry
from tests.guarantees.test_revisions import REST, SITE, wordings
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles

# With these unchanged entries, one edit changes only a small part of the document.

_CAPTIONED = (
    "<item><title>A bridge</title><link>https://example.org/bridge</link><description>{text}</description>"
    '<media:content url="https://example.org/b.jpg" medium="image"><media:description>{caption}</media:description>'
    "</media:content></item>"
)


def _captioned(
    text: str, caption: str = "A long caption of the picture, with a tower, two cranes and the river."
) -> bytes:
    items = _CAPTIONED.format(text=text, caption=caption) + "".join(item.xml() for item in REST)
    namespace = 'xmlns:media="http://search.yahoo.com/mrss/"'
    return f'<rss version="2.0" {namespace}><channel><link>{SITE}/</link>{items}</channel></rss>'.encode()


def _with_the_old_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def old_rule(entry: Entry) -> ChosenText:
        return ChosenText(richest_text(entry), entry.summary, richest_text(entry))

    monkeypatch.setattr("feedarchive.parsing.document_entries.choose_text", old_rule)


@pytest.mark.parametrize("change", ["text", "caption"])
def test_an_archive_of_the_old_rule_adopts_the_new_one_silently(
    archiver: FeedArchiver, clock: Clock, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    with monkeypatch.context() as patch:
        _with_the_old_rule(patch)
        archiver.poll_document(_captioned("The council rebuilds it."))
    before = articles(archiver.store)
    assert wordings(archiver.store)[0].startswith("A long caption")
    archiver.entries_by_xml.clear()  # polling/poll.py does this with a state that was saved under older rules
    for _ in range(2):
        clock.move(days=1)
        result = archiver.poll_document(_captioned("The council rebuilds it."))
        assert (result.new, result.revised, result.noisy, result.problems) == (0, 0, False, [])
        assert articles(archiver.store) == before
    clock.move(days=1)
    if change == "caption":
        archiver.poll_document(_captioned("The council rebuilds it.", "Another caption of the same picture."))
        assert articles(archiver.store) == before
    archiver.poll_document(_captioned("The council rebuilds it by spring."))
    assert len(wordings(archiver.store)) == 2
    assert wordings(archiver.store)[1].startswith("The council rebuilds it by spring.")


def test_an_edit_before_the_first_poll_by_the_new_rule_is_kept(
    archiver: FeedArchiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _with_the_old_rule(patch)
        archiver.poll_document(_captioned("The council rebuilds it."))
    archiver.entries_by_xml.clear()
    clock.move(days=1)
    archiver.poll_document(_captioned("The council tears it down.", "Another long caption, of the ruins of the tower."))
    assert wordings(archiver.store)[1].startswith("The council tears it down.")
