"""The type and size of a file are read from its bytes, and no pixel is decoded."""

from __future__ import annotations

import io

import pytest

from feedarchive.media.media_type import MEDIA_TYPES, media_type
from feedarchive.media.object_key import object_key, sha256_of_key, type_of_key
from feedarchive.media.picture_size import PictureSize
from feedarchive.media.picture_size import picture_size as size_of_file
from feedarchive.store.content_types import content_type_of
from tests.media.pictures import MP3, PDF, SVG, avif, box, gif, jpeg, png, webp


def picture_size(data: bytes, mime: str) -> PictureSize | None:
    return size_of_file(io.BytesIO(data), mime)


_MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
_TYPES = {
    "image/jpeg": jpeg(3, 2), "image/png": png(), "image/gif": gif(3, 2), "image/webp": webp(3, 2),
    "image/avif": avif(3, 2), "image/svg+xml": SVG, "audio/mpeg": MP3, "application/pdf": PDF, "video/mp4": _MP4,
    "audio/mp4": b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42", "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "audio/ogg": b"OggS\0\x02" + bytes(22) + b"\x01\x13OpusHead", "video/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm",
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ", "audio/flac": b"fLaC\0\0\0\x22", "audio/aac": b"\xff\xf1\x50\x80",
    "video/ogg": b"OggS\0\x02" + bytes(22) + b"\x01\x2a\x80theora",
    "video/matroska": b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska",
}  # fmt: skip
_NOT_STORED = [
    b"", b"<!doctype html><title>Not found</title>", b"<html><svg></svg></html>", b"PK\x03\x04", b"MZ\x90\0",
    b"#!/bin/sh",
    b"{}", b"BM\x36\0\0\0", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"<?xml version='1.0'?><rss><svg/></rss>",
    b"not <svg>",
    b"RIFF\x24\0\0\0AVI LIST", b"<!-- <svg> --><html>",
]  # fmt: skip


def test_every_type_is_known_by_its_bytes_and_has_an_extension_and_a_content_type() -> None:
    found = {mime: media_type(data) for mime, data in _TYPES.items()}
    assert {mime: media.mime if media else None for mime, media in found.items()} == {mime: mime for mime in _TYPES}
    assert set(found.values()) == set(MEDIA_TYPES)
    assert {content_type_of(f"media/x.{media.extension}"): media.mime for media in MEDIA_TYPES} == {
        m: m for m in _TYPES
    }


@pytest.mark.parametrize("data", _NOT_STORED)
def test_other_files_have_no_type(data: bytes) -> None:
    assert media_type(data) is None


@pytest.mark.parametrize(
    "svg",
    [b"\xef\xbb\xbf <svg>", b"<?xml version='1.0'?>\n<!-- a\n> --><!DOCTYPE svg PUBLIC 'a' [<!ENTITY a 'b'>]>\n<svg\n"],
)
def test_an_svg_is_known_by_its_first_element(svg: bytes) -> None:
    media = media_type(svg)
    assert media is not None
    assert media.mime == "image/svg+xml"


@pytest.mark.parametrize(
    ("mime", "data"),
    [("image/jpeg", jpeg(300, 200)), ("image/png", png(300, 200)), ("image/gif", gif(300, 200)),
     ("image/webp", webp(300, 200)), ("image/avif", avif(300, 200))],
)  # fmt: skip
def test_the_size_of_a_picture_is_in_its_header(mime: str, data: bytes) -> None:
    assert picture_size(data, mime) == PictureSize(300, 200)


def test_a_picture_that_its_header_rotates_has_the_size_that_a_reader_sees() -> None:
    assert picture_size(jpeg(300, 200, orientation=6), "image/jpeg") == PictureSize(200, 300)


def test_a_header_that_is_cut_off_has_no_size() -> None:
    for mime, data in _TYPES.items():
        if mime.startswith("image/"):
            for end in (5, 9, 13, 20):
                assert picture_size(data[:end], mime) is None or mime == "image/gif"


def test_a_picture_of_too_many_pixels_is_known_by_its_header_alone() -> None:
    bomb = png(30_000, 30_000)
    assert len(bomb) < 100
    size = picture_size(bomb, "image/png")
    assert size is not None
    assert size.is_too_large
    assert not PictureSize(10_000, 10_000).is_too_large


def test_a_key_has_the_hash_and_the_type() -> None:
    media = media_type(png())
    assert media is not None
    sha256 = "ab" + "0" * 62
    key = object_key(sha256, media)
    assert key == f"media/ab/{sha256}.png"
    assert (sha256_of_key(key), type_of_key(key)) == (sha256, media)
    for other in (f"media/cd/{sha256}.png", f"media/ab/{sha256}.html", f"media/ab/{sha256}", "media/ab/x.png"):
        assert (sha256_of_key(other), type_of_key(other)) == ("", None)


@pytest.mark.parametrize(
    ("mime", "bomb"),
    [
        ("image/avif", avif(3, 2)[:-1] + box(b"ipma", bytes(4) + b"\xff\xff\xff\xff" + b"\0\1\1\1" * 2_500_000)),
        ("image/avif", box(b"ftyp", b"avif\0\0\0\0avif" + b"mif2" * 2_500_000) + avif(3, 2)),
        ("image/jpeg", b"\xff\xd8\xff" + b"\xff" * 10**7),
        ("image/jpeg", b"\xff\xd8\xff" + b"\xff\xe0\0\2" * 2_500_000),
        ("image/png", png()[:8] + b"\0\0\0\0tEXt\0\0\0\0" * 800_000),
    ],
)
def test_of_a_header_that_does_not_end_only_the_beginning_is_read(mime: str, bomb: bytes) -> None:
    source = Counting(bomb)
    size_of_file(source, mime)
    assert source.bytes_read <= (256 * 1024 if mime == "image/avif" else 1024 * 1024)


class Counting(io.BytesIO):
    """A file that counts the bytes that are read."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.bytes_read += len(data)
        return data
