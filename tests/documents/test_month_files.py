"""Appending to a month's file loses no complete document, even if processes are killed or append at the same time."""

from __future__ import annotations

import gzip
import multiprocessing
import random
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from feedarchive.documents.document_keys import month_key
from feedarchive.documents.gzip_members import Member, members, pack
from feedarchive.documents.month_files import append_document
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.documents.write_records import packed_records
from feedarchive.store.folder import FolderStore
from tests.documents.documents import kept
from tests.harness.clock import CHRISTMAS
from tests.harness.feed_documents import news

KEY = month_key("feed", "2025-12")
HOUR = timedelta(hours=1)
PROCESSES, EACH = 4, 12


def file_of(store: FolderStore, *bodies: bytes) -> bytes:
    """Store documents that were received one hour apart. Return the bytes of the month's file."""
    for number, body in enumerate(bodies):
        append_document(store, kept(body, CHRISTMAS + number * HOUR))
    return (Path(store.location) / KEY).read_bytes()


def bodies_of(store: FolderStore) -> list[bytes]:
    """The stored documents in the order of time. Fails if one is damaged."""
    with StoredDocuments(store) as documents:
        found = [
            record.body
            for keys in documents.months().values()
            for location in documents.documents_of(keys)
            if (record := documents.read(location))
        ]
        assert documents.damaged == []
        return found


def test_a_truncated_document_is_removed_by_the_next_append(tmp_path: Path) -> None:
    """A killed process may have appended any number of bytes of the document."""
    first, second, third = news(1), news(2), news(3)
    one = file_of(FolderStore(tmp_path / "one"), first)
    two = file_of(FolderStore(tmp_path / "two"), first, second)
    expected = file_of(FolderStore(tmp_path / "other"), first, third)
    store = FolderStore(tmp_path / "archive")
    path = tmp_path / "archive" / KEY
    path.parent.mkdir(parents=True)
    for length in range(len(one), len(two)):
        path.write_bytes(two[:length])
        append_document(store, kept(third, CHRISTMAS + HOUR))
        assert path.read_bytes() == expected, length


def test_zeros_after_a_power_cut_are_removed(tmp_path: Path) -> None:
    """Some file systems give a file its new length before its data."""
    first, second, third = news(1), news(2), news(3)
    one = file_of(FolderStore(tmp_path / "one"), first)
    two = file_of(FolderStore(tmp_path / "two"), first, second)
    expected = file_of(FolderStore(tmp_path / "other"), first, third)
    store = FolderStore(tmp_path / "archive")
    path = tmp_path / "archive" / KEY
    path.parent.mkdir(parents=True)
    for length in range(len(one), len(two) - 16, 11):
        path.write_bytes(two[:length] + bytes(len(two) - length))
        append_document(store, kept(third, CHRISTMAS + HOUR))
        assert path.read_bytes() == expected, length


def test_a_truncated_first_document_is_removed(tmp_path: Path) -> None:
    one, store = file_of(FolderStore(tmp_path / "one"), news(1)), FolderStore(tmp_path / "archive")
    path = tmp_path / "archive" / KEY
    path.parent.mkdir(parents=True)
    for length in range(0, len(one), 9):
        path.write_bytes(one[:length])
        append_document(store, kept(news(1)))
        assert path.read_bytes() == one, length


def test_a_document_that_contains_a_member_of_its_own_hides_nothing(tmp_path: Path) -> None:
    """A publisher might try to make a truncated file look complete."""
    own = packed_records(kept(b"not served by anyone"), None, is_first=False)
    noise = random.Random(1).randbytes(40_000)
    hostile = b"<rss>" + noise[:20_000] + own + noise[20_000:]
    one = file_of(FolderStore(tmp_path / "one"), news(1))
    two = file_of(FolderStore(tmp_path / "two"), news(1), hostile)
    assert own in two
    store = FolderStore(tmp_path / "archive")
    path = tmp_path / "archive" / KEY
    path.parent.mkdir(parents=True)
    for length in (two.find(own) + len(own), two.find(own) + len(own) + 1, len(two) - 1):
        path.write_bytes(two[:length])
        append_document(store, kept(news(3)))
        with StoredDocuments(store) as documents:
            keys = documents.months()["2025-12"]
            found = [documents.read(each) for each in documents.documents_of(keys)]
        bodies = [record.body for record in found if record]
        assert news(1) in bodies
        assert news(3) in bodies
        assert path.read_bytes().startswith(one)


def test_the_last_document_of_a_month_is_healed_in_the_next(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    one = file_of(FolderStore(tmp_path / "one"), news(1))
    two = file_of(store, news(1), news(2))
    (tmp_path / KEY).write_bytes(two[:-1])
    append_document(store, kept(news(3), CHRISTMAS + timedelta(days=30)))
    assert (tmp_path / KEY).read_bytes() == one
    assert bodies_of(store) == [news(1), news(3)]


@pytest.mark.parametrize("where", ["in the middle", "at the end"])
def test_damage_is_never_cut_off(tmp_path: Path, where: str) -> None:
    """The next append removes an incomplete document, but not a damaged one: other tools may read parts of it."""
    store = FolderStore(tmp_path)
    one = len(file_of(FolderStore(tmp_path / "one"), news(1)))
    two = bytearray(file_of(store, news(1), news(2)))
    at = one - 20 if where == "in the middle" else len(two) - 20
    two[at] ^= 1
    (tmp_path / KEY).write_bytes(two)
    append_document(store, kept(news(3), CHRISTMAS + 2 * HOUR))
    assert (tmp_path / KEY).read_bytes().startswith(bytes(two))
    with StoredDocuments(store) as documents:
        keys = documents.months()["2025-12"]
        found = [documents.read(each) for each in documents.documents_of(keys)]
        assert documents.damaged == [KEY]
    left = news(2) if where == "in the middle" else news(1)
    assert [record.body for record in found if record] == [left, news(3)]
    assert (tmp_path / month_key("feed", "2025-12", 2)).exists() == (where == "at the end")


def test_a_file_that_another_tool_compressed_again_goes_on(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = file_of(store, news(1), news(2))
    found = [each for each in members(BytesIO(data), len(data)) if isinstance(each, Member)]
    (tmp_path / KEY).write_bytes(b"".join(gzip.compress(each.data) for each in found))
    append_document(store, kept(news(3), CHRISTMAS + 2 * HOUR))
    assert bodies_of(store) == [news(1), news(2), news(3)]


def test_a_file_that_is_no_archive_of_documents_is_left_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / KEY).parent.mkdir(parents=True)
    (tmp_path / KEY).write_bytes(b"What is this?\n")
    append_document(store, kept(news(1)))
    assert (tmp_path / KEY).read_bytes() == b"What is this?\n"
    assert (tmp_path / month_key("feed", "2025-12", 2)).exists()


def test_a_record_larger_than_any_search_of_the_end(tmp_path: Path) -> None:
    """The last document is found although it is longer than the part of the file that is searched first."""
    store = FolderStore(tmp_path)
    large = b"<rss>" + random.Random(1).randbytes(2**21)
    assert len(pack(large)) > 2**20
    file_of(store, news(1), large, large, news(2))
    with StoredDocuments(store) as documents:
        found = [documents.read(each) for each in documents.documents_of(documents.months()["2025-12"])]
    assert [record.kind for record in found if record] == ["response", "response", "revisit", "response"]


def test_many_processes_append_at_the_same_time(tmp_path: Path) -> None:
    workers = [
        multiprocessing.get_context("fork").Process(target=_append, args=(tmp_path, n)) for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert sorted(bodies_of(FolderStore(tmp_path))) == sorted(
        news(n * 100 + each) for n in range(PROCESSES) for each in range(EACH)
    )


def _append(folder: Path, number: int) -> None:
    for each in range(EACH):
        append_document(FolderStore(folder), kept(news(number * 100 + each)))
