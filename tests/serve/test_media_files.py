"""Pictures and enclosures of ``feedarchive serve``: their types, range requests, and that no file can run scripts."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from feedarchive.media.media_type import media_type
from feedarchive.media.object_key import object_key
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import PART_BYTES
from tests.harness.clock import Clock
from tests.media.pictures import MP3, PDF, SVG, png
from tests.serve.serving import Served, make_archive, served

LARGE = MP3 + bytes(range(256)) * (PART_BYTES // 100)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = FolderStore(tmp_path_factory.mktemp("media"))
    make_archive(store)
    for data in (png(), SVG, PDF, LARGE):
        store.create_from(key_of(data), io.BytesIO(data))
    store.create(f"media/ab/ab{'0' * 62}.html", b"<script>alert(1)</script>\n")
    with served(store, Clock()) as running:
        yield running


def key_of(data: bytes) -> str:
    media = media_type(data)
    assert media is not None
    return object_key(hashlib.sha256(data).hexdigest(), media)


def get(running: Served, data: bytes, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = Request(f"{running.url}{key_of(data)}", headers=headers)
    with urlopen(request) as response:
        return response.status, response.read(), dict(response.headers)


@pytest.mark.parametrize(
    ("data", "mime"),
    [(png(), "image/png"), (SVG, "image/svg+xml"), (LARGE, "audio/mpeg")],
    ids=["png", "svg", "mp3"],
)
def test_a_file_has_its_type_and_may_run_and_load_nothing(running: Served, data: bytes, mime: str) -> None:
    status, body, headers = get(running, data)
    assert (status, body, headers["Content-Type"]) == (200, data, mime)
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(policy)
    assert not any("script" in each for each in policy)
    assert headers["Content-Length"] == str(len(data))


def test_a_document_is_downloaded_and_not_shown(running: Served) -> None:
    headers = get(running, PDF)[2]
    assert headers["Content-Disposition"] == f"attachment; filename={key_of(PDF)[9:21]}.pdf"


@pytest.mark.parametrize(("asked", "start", "end"), [("0-9", 0, 10), ("100-", 100, None), ("5-99999999", 5, None)])
def test_a_part_of_a_file_is_served(running: Served, asked: str, start: int, end: int | None) -> None:
    status, body, headers = get(running, LARGE, Range=f"bytes={asked}")
    assert (status, body) == (206, LARGE[start:end])
    assert headers["Content-Range"] == f"bytes {start}-{(end or len(LARGE)) - 1}/{len(LARGE)}"


def test_a_part_behind_the_end_is_refused(running: Served) -> None:
    answer = running.get(f"/{key_of(png())}", Range="bytes=9999999-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(png())}")


def test_head_has_the_length_and_no_body(running: Served) -> None:
    answer = running.get(f"/{key_of(png())}", method="HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, str(len(png())), "")


@pytest.mark.parametrize(
    "path",
    [f"/media/ab/ab{'0' * 62}.html", f"/media/cd/cd{'0' * 62}.png", "/media/../feeds.toml", "/media/", "/media/ab"],
)
def test_nothing_else_is_served(running: Served, path: str) -> None:
    assert running.get(path).status == 404
