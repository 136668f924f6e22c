"""The function that serves the pages to whoever has the password, with a local S3 and SSM."""

from __future__ import annotations

import base64
import gzip
import importlib
import io
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from feedarchive.builds.build_day import build_day
from feedarchive.store.location import open_store
from tests.functions.conftest import Context, imported
from tests.harness.clock import Clock
from tests.harness.digests import DAY, PAGES
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.ministack import ENVIRONMENT, client, new_bucket
from tests.media.pictures import MP3, SVG, png

PASSWORD = "correct horse 🐎 battery"

Get = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def built(local_aws: str) -> str:
    """A bucket with an article, its pages and other files, which tests only read or add to."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": local_aws}.items():
            environment.setenv(name, value)
        bucket = new_bucket()
        store = open_store(f"s3://{bucket}")
        FeedArchiver(store, Clock()).poll(Item("A title", "https://example.org/1", text="Words."))
        build_day(store, DAY, "UTC")
        for key in ("claims/3f/3f01", "state/all.json", "feeds.toml", "archive.json"):
            store.create(key, b"secret\n")
    return bucket


@pytest.fixture
def parameter(aws: str) -> str:
    """The name of a parameter that has the password."""
    name = f"/feedarchive/{uuid4().hex}"
    client("ssm").put_parameter(Name=name, Value=PASSWORD, Type="SecureString")
    return name


@pytest.fixture
def read_pages(built: str, parameter: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    for name, value in {
        "BUCKET": built, "PASSWORD_PARAMETER": parameter,
        "POWERTOOLS_SERVICE_NAME": parameter, "POWERTOOLS_METRICS_NAMESPACE": "Feedarchive",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    yield from imported("read_pages")


@pytest.fixture
def get(read_pages: ModuleType, context: Context) -> Get:
    def get(path: str, password: str | None = PASSWORD, method: str = "GET", **headers: str) -> dict[str, Any]:
        if password is not None:
            headers["authorization"] = "Basic " + base64.b64encode(f"me:{password}".encode()).decode()
        http = {"method": method, "sourceIp": "192.0.2.1"}
        event = {"rawPath": path, "requestContext": {"http": http}, "headers": headers}
        response: dict[str, Any] = read_pages.handler(event, context)
        return response

    return get


def body(response: dict[str, Any]) -> bytes:
    data = base64.b64decode(response["body"])
    return gzip.decompress(data) if response["headers"].get("Content-Encoding") == "gzip" else data


def test_with_the_password_pages_and_articles_are_served(get: Get, built: str) -> None:
    response = get(f"/{PAGES}example.org.html")
    assert response["statusCode"] == 200
    assert response["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert b"Words." in body(response)
    assert body(get(f"/{PAGES}")) == body(get(f"/{PAGES}index.html"))
    keys = [k for k in open_store(f"s3://{built}").list("archive/") if k.endswith(".md") and "digest" not in k]
    article = get(f"/{keys[0]}")
    assert article["headers"]["Content-Type"] == "text/plain; charset=utf-8"
    assert b'title: "A title"' in body(article)
    assert get("/")["headers"]["Location"] == "/pages/index.html"
    head = get(f"/{PAGES}index.html", method="HEAD")
    assert (head["statusCode"], head["body"]) == (200, "")


def test_a_page_is_compressed_if_the_browser_accepts_it_and_refused_if_lambda_cannot_send_it(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, gzipped = f"/{PAGES}index.html", {"accept-encoding": "br, gzip"}
    packed, unpacked = get(path, **gzipped), get(path)
    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in unpacked["headers"]
    assert len(packed["body"]) < len(unpacked["body"])
    assert body(packed) == body(unpacked)
    monkeypatch.setattr(importlib.import_module("responses"), "_MAX_BYTES", len(body(unpacked)) - 1)
    assert get(path)["statusCode"] == 413
    assert get(path, **gzipped)["statusCode"] == 200


def test_a_page_that_the_browser_has_is_not_sent_again(get: Get) -> None:
    etag = get(f"/{PAGES}index.html")["headers"]["ETag"]
    response = get(f"/{PAGES}index.html", **{"if-none-match": f"W/{etag}"})
    assert (response["statusCode"], response["body"]) == (304, "")


def test_without_the_password_nothing_is_served(get: Get, capsys: pytest.CaptureFixture[str]) -> None:
    for password in (None, "", "wrong", PASSWORD[:-1], PASSWORD + "x", PASSWORD.upper()):
        for path in ("/", f"/{PAGES}index.html", "/pages/none.html", "/feeds.toml"):
            response = get(path, password)
            assert response["statusCode"] == 401, password
            assert response["headers"]["WWW-Authenticate"].startswith("Basic ")
            assert body(response) == b"the password is required\n"
        output = capsys.readouterr().out
        assert PASSWORD not in output
        assert not password or len(password) < 6 or password not in output


def test_another_authorization_is_denied(get: Get) -> None:
    for header in ("Bearer x", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"x").decode()):
        assert get("/pages/index.html", None, authorization=header)["statusCode"] == 401, header


def test_other_files_are_not_served(get: Get) -> None:
    for path in (
        "/claims/3f/3f01", "/state/all.json", "/feeds.toml", "/archive.json", "/pages/../feeds.toml", "/none",
        "/pages/%2e%2e/archive.json", "/pages/index.html%00", "//pages/index.html", "/pages/none.html",
        "/pages/style.css",
    ):  # fmt: skip
        response = get(path)
        assert response["statusCode"] == 404, path
        assert b"secret" not in body(response)


def test_search_engines_and_frames_are_kept_away(get: Get) -> None:
    assert b"Disallow: /" in body(get("/robots.txt", None))
    for response in (get("/robots.txt", None), get("/", None), get(f"/{PAGES}index.html"), get("/none")):
        assert "noindex" in response["headers"]["X-Robots-Tag"]
        assert response["headers"]["X-Frame-Options"] == "DENY"
        assert response["headers"]["Cache-Control"] == "private, no-cache"
    assert get("/pages/index.html", method="POST")["statusCode"] == 405


@pytest.mark.parametrize("value", ["short", None], ids=["short", "missing"])
def test_a_missing_or_short_password_locks_everything(
    get: Get, parameter: str, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    name = f"{parameter}-other"
    if value:
        client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    monkeypatch.setenv("PASSWORD_PARAMETER", name)
    for guess in (value or "", "", PASSWORD):
        response = get(f"/{PAGES}index.html", guess)
        assert response["statusCode"] == 503
        assert (value or "cannot read").encode() in body(response) or b"12 characters" in body(response)


def test_a_new_password_is_right_after_five_minutes(parameter: str, read_pages: ModuleType) -> None:
    module, seconds = importlib.import_module("password"), [0.0]
    password = module.Password(parameter, lambda: seconds[0])
    old, new = ("Basic " + base64.b64encode(f":{each}".encode()).decode() for each in (PASSWORD, "another password"))
    assert password.is_right(old)
    client("ssm").put_parameter(Name=parameter, Value="another password", Type="SecureString", Overwrite=True)
    seconds[0] = 299
    assert password.is_right(old)
    seconds[0] = 301
    assert password.is_right(new)
    assert not password.is_right(old)


def test_stored_pictures_are_served_with_their_type_and_cannot_run(get: Get, built: str) -> None:
    store = open_store(f"s3://{built}")
    picture, drawing, episode = (f"media/ab/ab{'0' * 62}.{end}" for end in ("png", "svg", "mp3"))
    for key, data in ((picture, png()), (drawing, SVG), (episode, MP3 + bytes(4_300_000))):
        store.create_from(key, io.BytesIO(data))
    response = get(f"/{picture}", **{"accept-encoding": "gzip"})
    assert (response["headers"]["Content-Type"], body(response)) == ("image/png", png())
    assert "Content-Encoding" not in response["headers"]
    shown = get(f"/{drawing}")
    assert (shown["headers"]["Content-Type"], body(shown)) == ("image/svg+xml", SVG)
    assert "sandbox" in shown["headers"]["Content-Security-Policy"]
    assert "script" not in shown["headers"]["Content-Security-Policy"]
    assert get(f"/{episode}")["statusCode"] == 413
    for path in (f"/media/cd/cd{'0' * 62}.png", "/media/ab/x.png", f"/media/ab/ab{'0' * 62}.html"):
        assert get(path)["statusCode"] == 404
