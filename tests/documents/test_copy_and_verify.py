"""Kept documents in copies, checks, status, and after ``forget``."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from feedarchive.copying.copy_documents import copy_documents
from feedarchive.copying.report import CopyProblem, CopyReport
from feedarchive.copying.transfer import Pair
from feedarchive.documents.document_keys import month_key
from feedarchive.documents.keep import document_keeper
from feedarchive.documents.month_files import append_document
from feedarchive.documents.single_objects import create_object
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.documents.usage import first_month_that_may_contain, usage
from feedarchive.feeds.feed import Feed
from feedarchive.polling.results import Fetched
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault
from feedarchive.verification.verify_documents import verify_documents
from tests.copying.archives import copy, make_small_archive
from tests.documents.documents import kept
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.feed_documents import news

KEY = month_key("feed", "2025-12")
HOUR, MONTH = timedelta(hours=1), timedelta(days=31)


def documents_of(store: Store) -> dict[str, bytes]:
    return {key: stored.data for key in store.list("documents/") if (stored := store.read(key))}


def copied(source: Store, destination: Store) -> CopyReport:
    report = CopyReport()
    copy_documents(Pair(source, destination), report)
    return report


@pytest.fixture
def source(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "source")
    append_document(store, kept(news(1)))
    return store


def test_a_copy_gets_what_is_new(source: FolderStore, store: Store) -> None:
    first = copied(source, store)
    assert (first.files, first.bytes) == (1, len(documents_of(source)[KEY]))
    append_document(source, kept(news(2), CHRISTMAS + HOUR))
    append_document(source, kept(news(2), CHRISTMAS + MONTH))
    assert copied(source, store).files == 2
    assert documents_of(store) == documents_of(source)
    assert copied(source, store).files == 0


def test_a_copy_that_was_made_during_an_append_is_completed(source: FolderStore, tmp_path: Path) -> None:
    append_document(source, kept(news(2), CHRISTMAS + HOUR))
    data = documents_of(source)[KEY]
    for cut in (1, 200):
        destination = FolderStore(tmp_path / f"copy-{cut}")
        destination.create(KEY, data[:-cut])
        assert copied(source, destination).problems == []
        assert documents_of(destination) == {KEY: data}


def test_other_documents_at_the_destination_are_never_overwritten(source: FolderStore, tmp_path: Path) -> None:
    destination = FolderStore(tmp_path / "destination")
    append_document(destination, kept(news(7)))
    append_document(destination, kept(news(8), CHRISTMAS + HOUR))
    before = documents_of(destination)
    assert [each.problem for each in copied(source, destination).problems] == [CopyProblem.DIFFERENT]
    assert documents_of(destination) == before


def test_a_complete_copy_has_the_documents(store: Store, tmp_path: Path) -> None:
    source = FolderStore(tmp_path / "source")
    make_small_archive(source, Clock())
    append_document(source, kept(news(1)))
    copy(source, store)
    assert documents_of(store) == documents_of(source)
    readable = FolderStore(tmp_path / "readable")
    copy(source, readable, everything=False)
    assert documents_of(readable) == {}


def test_one_object_for_each_document_of_a_run(bucket: str) -> None:
    """Two runs that get the same document at the same second create it once."""
    from feedarchive.store.location import open_store

    store = open_store(f"s3://{bucket}")
    for body, hours in ((news(1), 0), (news(1), 0), (news(1), 1), (news(2), 2), (news(1), 3)):
        create_object(store, kept(body, CHRISTMAS + hours * HOUR))
    names = [key.removeprefix("documents/feed/2025-12/") for key in store.list("documents/")]
    assert [(name[:10], name.endswith("-again.warc.gz")) for name in names] == [
        ("25T100000Z", False), ("25T110000Z", True), ("25T120000Z", False), ("25T130000Z", False),
    ]  # fmt: skip
    assert verify_documents(store).documents == 4


def test_sound_documents_are_counted(source: FolderStore) -> None:
    append_document(source, kept(news(2), CHRISTMAS + HOUR))
    found = verify_documents(source)
    assert (found.documents, found.findings, found.notes) == (2, [], [])
    assert found.bytes == usage(source).bytes == len(documents_of(source)[KEY])


def test_every_damaged_byte_is_found(source: FolderStore, tmp_path: Path) -> None:
    """Damage to an unused field of a gzip header is not found, but it does not change the documents."""
    append_document(source, kept(news(2), CHRISTMAS + HOUR))
    data = documents_of(source)[KEY]
    path = tmp_path / "source" / KEY
    for at in range(0, len(data), 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        found = verify_documents(source)
        if not found.findings and not found.notes:
            with StoredDocuments(source) as stored:
                read = [stored.read(each) for each in stored.documents_of(stored.months()["2025-12"])]
            assert [record.body for record in read if record] == [news(1), news(2)], at


def test_an_interrupted_append_is_a_note_and_no_damage(source: FolderStore, tmp_path: Path) -> None:
    append_document(source, kept(news(2), CHRISTMAS + HOUR))
    path = tmp_path / "source" / KEY
    path.write_bytes(path.read_bytes()[:-5])
    found = verify_documents(source)
    assert (found.documents, found.findings) == (1, [])
    assert [note.key for note in found.notes] == [KEY]
    path.write_bytes(path.read_bytes()[:50] + path.read_bytes()[60:])
    assert [each.fault for each in verify_documents(source).findings] == [Fault.DOCUMENT_DAMAGED]


def test_the_first_month_that_may_contain_a_forgotten_article(source: FolderStore) -> None:
    append_document(source, kept(news(2), CHRISTMAS + 2 * MONTH))
    assert first_month_that_may_contain(source, [date(2025, 11, 3), date(2026, 1, 1)]) == "2025-12"
    assert first_month_that_may_contain(source, [date(2026, 1, 3)]) == "2026-02"
    assert first_month_that_may_contain(source, [date(2026, 3, 3)]) == ""
    assert first_month_that_may_contain(source, []) == ""


def test_a_document_without_an_exchange_is_not_kept(tmp_path: Path) -> None:
    """A response has an exchange only if its feed sets keep_documents."""
    store = FolderStore(tmp_path)
    fetched = Fetched(b"<rss/>", "https://example.org/", "", "", "")
    document_keeper(store)(Feed("https://example.org/", "feed"), fetched, CHRISTMAS, None)
    assert documents_of(store) == {}
