"""Compressed responses: every coding, several layers, wrong headers, and decompression bombs."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache

import brotli
import pytest

from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetched

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from feedarchive.polling.response_body import MAX_BODY_BYTES
from feedarchive.problems import FeedError
from tests.harness.raw_server import http_response, raw_server


@cache
def gzipped(data: bytes) -> bytes:
    return gzip.compress(data)


@cache
def deflated(data: bytes) -> bytes:
    return zlib.compress(data)


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def brotli_of(data: bytes) -> bytes:
    compressed: bytes = brotli.compress(data, quality=5)  # the default is 30 times slower
    return compressed


def with_checksum(data: bytes) -> bytes:
    return zstd.compress(data, options={int(zstd.CompressionParameter.checksum_flag): 1})


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzipped,
    "x-gzip": gzipped,
    "deflate": deflated,
    "br": brotli_of,
    "zstd": with_checksum,
}
LONG = DOCUMENT + b"<!-- %s -->" % b"".join(b"%d " % n for n in range(100_000))  # is read in several pieces


@pytest.mark.parametrize("document", [DOCUMENT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_is_decoded(coding: str, document: bytes) -> None:
    with raw_server(http_response(CODINGS[coding](document), Content_Encoding=coding.upper())) as server:
        result = fetched(fetch(server.url()))
        assert b"Accept-Encoding: gzip, deflate, br, zstd\r\n" in server.requests[0]
    assert (result.body, result.incomplete) == (document, "")


WRONG: dict[str, tuple[str, Callable[[], bytes]]] = {
    "raw deflate": ("deflate", lambda: raw_deflate(LONG)),
    "gzip called deflate": ("deflate", lambda: gzipped(LONG)),
    "zlib called gzip": ("gzip", lambda: deflated(LONG)),
    "gzip twice": ("gzip, gzip", lambda: gzipped(gzipped(LONG))),
    "deflate, then brotli": ("deflate, br", lambda: brotli_of(deflated(LONG))),
    "three codings": ("gzip, zstd, br", lambda: brotli_of(zstd.compress(gzipped(LONG)))),
    "identity": ("identity", lambda: LONG),
    "an unknown coding": ("utf-8", lambda: LONG),
    "a coding and an unknown one": ("gzip, utf-8", lambda: gzipped(LONG)),
    "an empty header": ("", lambda: LONG),
    "plain, called gzip": ("gzip", lambda: LONG),
    "plain, called brotli": ("br", lambda: LONG),
    "plain with a byte order mark, called zstd": ("zstd", lambda: b"\xef\xbb\xbf" + LONG),
    "JSON, called deflate": ("deflate", lambda: b'\n {"version": "https://jsonfeed.org/version/1"}'),
    "gzip once, called twice": ("gzip, gzip", lambda: gzipped(LONG)),
    "gzip in two members": ("gzip", lambda: gzipped(LONG[:1000]) + gzipped(LONG[1000:])),
    "gzip and zeros": ("gzip", lambda: gzipped(LONG) + b"\0" * 100),
    "gzip and garbage": ("gzip", lambda: gzipped(LONG) + b"garbage"),
    "a file feed.xml.gz, without a header": ("", lambda: gzipped(LONG)),
    "a file feed.xml.gz, compressed once more": ("gzip", lambda: gzipped(gzipped(LONG))),
    "zstd in two frames": ("zstd", lambda: zstd.compress(LONG[:1000]) + zstd.compress(LONG[1000:])),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_content_encoding_does_no_harm(case: str) -> None:
    coding, compressed = WRONG[case]
    body = compressed()
    with raw_server(http_response(body, Content_Encoding=coding)) as server:
        result = fetched(fetch(server.url()))
    expected = LONG if b"jsonfeed" not in body else body
    assert result.body.removeprefix(b"\xef\xbb\xbf") == expected
    assert result.incomplete == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_truncated_stream_is_reported_even_if_the_length_is_right(coding: str) -> None:
    whole = CODINGS[coding](LONG)
    with raw_server(http_response(whole[: len(whole) * 2 // 3], Content_Encoding=coding)) as server:
        result = fetched(fetch(server.url()))
    assert result.incomplete == "the compressed data is truncated"
    assert LONG.startswith(result.body)
    assert len(result.body) > 50_000


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_corrupt_stream_is_reported_and_its_start_kept(coding: str) -> None:
    whole = bytearray(CODINGS[coding](LONG))
    middle = len(whole) // 2
    whole[middle : middle + 300] = b"\xff" * 300
    with raw_server(http_response(bytes(whole), Content_Encoding=coding)) as server:
        result = fetched(fetch(server.url()))
    assert result.incomplete.startswith(("the compressed data is corrupt after", "the compressed data is truncated"))
    assert result.body.startswith(DOCUMENT)


def test_a_complete_stream_is_accepted_even_if_the_length_is_wrong() -> None:
    body = gzipped(LONG)
    with raw_server(http_response(body, Content_Encoding="gzip", Content_Length=str(len(LONG)))) as server:
        result = fetched(fetch(server.url()))
    assert (result.body, result.incomplete) == (LONG, "")


def test_a_plain_document_that_is_called_gzip_is_reported_when_it_is_truncated() -> None:
    with raw_server(http_response(LONG[:5000], Content_Encoding="gzip", Content_Length=str(len(LONG)))) as server:
        assert fetched(fetch(server.url())).incomplete == "the connection broke after 5000 bytes"


BOMB = b"<rss>" + bytes(4 * MAX_BODY_BYTES)  # more than the memory that a fetch may use
GZIP_WITH_A_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"


def nested(times: int, size: int) -> bytes:
    data = gzip.compress(bytes(size))
    for _ in range(times - 1):
        data = gzip.compress(data)
    return data


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("gzip", lambda: gzip.compress(BOMB)),
    "deflate": ("deflate", lambda: zlib.compress(BOMB)),
    "brotli": ("br", lambda: brotli.compress(BOMB, quality=3)),
    "zstd": ("zstd", lambda: zstd.compress(BOMB)),
    "gzip in gzip": ("gzip, gzip", lambda: nested(2, len(BOMB))),
    "gzip in gzip in gzip": ("gzip, gzip, gzip", lambda: nested(3, len(BOMB))),
    "members in brotli": ("gzip, br", lambda: brotli.compress(gzip.compress(bytes(2**20)) * 500, quality=3)),
    "a long name": ("gzip, br", lambda: brotli.compress(GZIP_WITH_A_NAME + b"x" * 50 * 2**20, quality=3)),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_decompression_bomb_is_too_large_and_uses_little_memory(case: str) -> None:
    coding, compressed = BOMBS[case]
    body = compressed()
    assert len(body) < 2 * 2**20
    with raw_server(http_response(body, Content_Encoding=coding)) as server:
        tracemalloc.start()
        result = failed(fetch(server.url()))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (result.kind, result.detail) == (FeedError.TOO_LARGE, "the document is larger than 10 MiB")
    assert peak < 3 * MAX_BODY_BYTES


def test_too_many_empty_members_are_an_error() -> None:
    body = brotli.compress(gzip.compress(b"") * 2_000_000, quality=1)
    assert len(body) < 100_000
    with raw_server(http_response(body, Content_Encoding="gzip, br")) as server:
        result = failed(fetch(server.url()))
    assert (result.kind, result.detail) == (FeedError.CONNECTION, "the compressed data is corrupt after 0 bytes")


def test_too_many_codings_are_an_error() -> None:
    with raw_server(http_response(DOCUMENT, Content_Encoding=", ".join(["gzip"] * 10))) as server:
        assert failed(fetch(server.url())).kind == FeedError.CONNECTION


def test_ten_mebibytes_are_allowed_and_one_byte_more_is_not() -> None:
    start = b"<rss>"
    largest = start + b" " * (MAX_BODY_BYTES - len(start))
    for body, ok in ((largest, True), (largest + b" ", False)):
        with raw_server(http_response(body)) as server:
            result = fetch(server.url())
        assert (type(result).__name__ == "Fetched") is ok
        with raw_server(http_response(gzip.compress(body, 1), Content_Encoding="gzip")) as server:
            result = fetch(server.url())
        assert (type(result).__name__ == "Fetched") is ok


def test_a_large_zstd_window_is_rejected() -> None:
    options = {
        int(zstd.CompressionParameter.window_log): 27,
        int(zstd.CompressionParameter.enable_long_distance_matching): 1,
    }
    stream = zstd.ZstdCompressor(options=options)
    body = stream.compress(LONG) + stream.flush()
    with raw_server(http_response(body, Content_Encoding="zstd")) as server:
        assert failed(fetch(server.url())).detail == "the compressed data is corrupt after 0 bytes"
