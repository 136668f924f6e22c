"""``feedarchive digest`` and ``feedarchive status``, as a user runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command import CommandResult, run
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import Response, feed_server


def command(*arguments: str | Path) -> CommandResult:
    return run([*map(str, arguments)], Path(), {"PATH": os.environ["PATH"], "COLUMNS": "200"})


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one good feed and one that gets HTTP 403, fetched once."""
    items = [Item(f"Article {n}", link=f"https://example.org/{n}", text=f"Story {n}.") for n in range(3)]
    folder = tmp_path_factory.mktemp("archive")
    with feed_server() as server:
        good, bad = server.serve("/good.xml", rss(*items)), server.url("/bad.xml")
        server.responses["/bad.xml"] = Response(b"no", 403)
        (folder / "feeds.toml").write_text(
            f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{good}"\nid = "good"\n'
            f'[[feeds]]\nurl = "{bad}"\nid = "bad"\n'
        )
        assert command("fetch", "--archive", folder).status == 0
    return folder


@pytest.fixture
def archive(fetched: Path, tmp_path: Path) -> Path:
    """A copy of the fetched archive for each test."""
    return Path(shutil.copytree(fetched, tmp_path / "archive"))


def test_digest_builds_the_page_of_today_and_prints_its_path(archive: Path) -> None:
    done = command("digest", "--archive", archive)
    assert done.status == 0
    page = re.search(r"3 articles, 0 updated: (\S+/index\.html)", done.stdout)
    assert page
    html = Path(page.group(1)).read_text()
    assert "Article 2" in html
    assert (archive / "pages" / "index.html").exists()
    assert json.loads((archive / "status.json").read_text())["feeds"][0]["feed"] == "bad"


def test_digest_prints_nothing_when_nothing_changed(archive: Path) -> None:
    command("digest", "--archive", archive)
    assert command("digest", "--archive", archive).stdout == ""


def test_digest_of_a_day_or_of_all_in_json(archive: Path) -> None:
    day = next((archive / "archive").glob("*/*/*"))
    name = "-".join(day.parts[-3:])
    for arguments in (("--day", name), ("--all",)):
        report = json.loads(command("digest", "--archive", archive, "--json", *arguments).stdout)
        assert [row["day"] for row in report["days"]] == [name]
        assert report["days"][0]["counts"]["articles"] == 3
        assert report["announced"] == []


def test_digest_of_a_day_without_articles(archive: Path) -> None:
    done = command("digest", "--archive", archive, "--day", "1999-01-01")
    assert (done.status, done.stdout) == (0, "1999-01-01: nothing was archived on this day\n")


@pytest.mark.parametrize("arguments", [("--day", "yesterday"), ("--day", "2025-12-25", "--all"), ("--when",)])
def test_a_usage_error_exits_with_2(archive: Path, arguments: tuple[str, ...]) -> None:
    assert command("digest", "--archive", archive, *arguments).status == 2


def test_an_archive_without_its_option_is_named_with_it(archive: Path) -> None:
    done = command("status", archive)
    assert done.status == 2
    assert done.stderr.splitlines()[-1] == (
        f"feedarchive: error: unrecognized arguments: {archive}; for the archive {archive}, write --archive {archive}"
    )
    assert command("digest", "2025-12-25").stderr.splitlines()[-1] == (
        "feedarchive: error: unrecognized arguments: 2025-12-25"
    )


@pytest.mark.parametrize("name", ["digest", "status", "forget"])
def test_other_commands_do_not_create_an_archive(tmp_path: Path, name: str) -> None:
    done = command(name, "--archive", tmp_path / "none", *(("x",) if name == "forget" else ()))
    assert done.status == 1
    assert "is not an archive (no archive.json): run feedarchive init" in done.stderr
    assert not (tmp_path / "none").exists()


def test_status_shows_what_fails_and_what_to_do(archive: Path) -> None:
    command("digest", "--archive", archive)
    done = command("status", "--archive", archive)
    assert done.status == 0
    bad, good = (next(line for line in done.stdout.splitlines() if line.startswith(n)) for n in ("bad", "The Ex"))
    assert re.search(r"failing +never +0 +HTTP 403 Forbidden \(since .*\); the server may block data centers", bad)
    assert re.search(r"well +\d{4}-\d{2}-\d{2} \d{2}:\d{2} +3", good)


def test_the_day_of_the_newest_article_is_named(archive: Path) -> None:
    """The folder with all articles is moved to a day in 2020."""
    day = next((archive / "archive").glob("*/*/*"))
    old = archive / "archive" / "2020" / "01" / "02"
    old.parent.mkdir(parents=True)
    day.rename(old)
    command("digest", "--archive", archive)
    assert command("digest", "--archive", archive).stdout == "no new article since 2020-01-02\n"
    assert re.search(r"^no article was archived for \d{4,} days$", command("status", "--archive", archive).stdout, re.M)


def test_before_the_first_article_nothing_is_archived_yet(tmp_path: Path) -> None:
    command("init", "--archive", tmp_path / "new")
    assert command("digest", "--archive", tmp_path / "new").stdout == "nothing is archived yet\n"


def test_status_in_json(archive: Path) -> None:
    report = json.loads(command("status", "--archive", archive, "--json").stdout)
    bad, good = report["feeds"]
    assert (bad["feed"], bad["health"], good["health"]) == ("bad", "failing", "well")
    assert good["failing_since"] is None


def test_a_broken_feeds_file_does_not_stop_digest_and_status(archive: Path) -> None:
    (archive / "feeds.toml").write_text("[[feeds]\n")
    assert command("digest", "--archive", archive).status == 0
    done = command("status", "--archive", archive)
    assert done.status == 1
    assert "bad" in done.stdout


def test_a_missing_file_is_named_by_digest_and_status_until_it_is_accepted(archive: Path) -> None:
    command("digest", "--archive", archive)
    lost = sorted((archive / "archive").glob("*/*/*/*/*.md"))[0]
    lost.unlink()
    key = lost.relative_to(archive).as_posix()
    day = "-".join(lost.relative_to(archive).parts[1:4])
    line = (
        f"{key}: the file is not there, and was neither forgotten nor deleted by a rule; put it back from a copy with "
        "feedarchive repair, or remove it for good with feedarchive forget"
    )
    done = command("digest", "--archive", archive)
    assert (done.status, done.stderr) == (1, f"feedarchive: {line}\n")
    done = command("status", "--archive", archive)
    assert (done.status, line in " ".join(done.stdout.split())) == (1, True)
    report = json.loads(command("status", "--archive", archive, "--json").stdout)
    assert report["needs_a_person"] is True
    assert [(each["key"], each["damage"]) for each in report["damage"]] == [(key, "missing")]
    done = command("digest", "--archive", archive, "--accept")
    assert (done.status, done.stderr) == (
        2, "feedarchive: --accept needs --day, which names the day whose files are accepted\n",
    )  # fmt: skip
    assert command("digest", "--archive", archive, "--day", day, "--accept").status == 0
    assert command("status", "--archive", archive).status == 0


def test_digest_all_names_the_pages_of_an_earlier_version_and_leaves_them(archive: Path) -> None:
    command("digest", "--archive", archive)
    day = next((archive / "archive").glob("*/*/*"))
    old = [archive / "archive" / "index.html", day / "index.html", day / "site-example.org.html"]
    for path in old:
        path.write_text("old\n", encoding="utf-8")
    page = archive / "pages" / day.relative_to(archive / "archive") / "index.html"
    page.unlink()
    done = command("digest", "--archive", archive, "--all")
    assert page.is_file()
    assert "3 pages of an earlier version" in done.stdout
    assert "are no longer used and may be removed" in done.stdout
    assert [path.read_text(encoding="utf-8") for path in old] == ["old\n"] * 3
    report = json.loads(command("digest", "--archive", archive, "--all", "--json").stdout)
    assert [archive / key for key in report["obsolete"]] == sorted(old)
