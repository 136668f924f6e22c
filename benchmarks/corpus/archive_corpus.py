"""Archive recorded feed documents over loopback, and check the files.

    python -m benchmarks.corpus.archive_corpus FOLDER

FOLDER contains feeds.tsv, with the columns ``file`` and ``url``, and the documents in feeds/.

1. The documents are served on loopback. ``feedarchive fetch`` polls them three times into a new archive. Before the
   third time the state is deleted.
2. Every article file is parsed by a YAML 1.1 parser and a YAML 1.2 parser.
3. Hugo builds a site of the files.
4. The words of every body in the feeds are compared with the words of the rendered Markdown.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from ruamel.yaml import YAML

from feedarchive.article.choose_text import choose_text
from feedarchive.article.compose import EntrySource, compose
from feedarchive.document.model import Document
from feedarchive.document.parse_document import parse_document
from feedarchive.markdown.plain_text_to_html import plain_text_to_html
from tests.harness.feed_server import FeedServer, feed_server
from tests.harness.words_kept import Kept, words_kept


def main(folder: Path) -> None:
    """Archive the recorded documents in ``folder``, and print the results."""
    with (folder / "feeds.tsv").open(encoding="utf-8") as table:
        feeds = {row["file"]: row["url"] for row in csv.DictReader(table, delimiter="\t")}
    with tempfile.TemporaryDirectory() as scratch, feed_server() as server:
        archive, subscriptions = Path(scratch, "archive"), Path(scratch, "feeds.toml")
        subscriptions.write_text(_subscriptions(server, folder, feeds), encoding="utf-8")
        for poll in ("first poll", "second poll", "state deleted"):
            if poll == "state deleted":
                shutil.rmtree(archive / "state")
            print(f"{poll}: {_fetch(archive, subscriptions)}")
        files = sorted((archive / "archive").rglob("*.md"))
        print(
            f"{len(files)} files; {_differing_front_matter(files)} with front matter on which the YAML parsers disagree"
        )
        print(f"hugo: {_hugo(archive / 'archive', Path(scratch, 'site'))}")
    _print_words(folder, feeds)


def _subscriptions(server: FeedServer, folder: Path, feeds: dict[str, str]) -> str:
    lines = ["[fetch]", "allow_private_addresses = true"]
    for file in feeds:
        url = server.serve(f"/{file}", (folder / "feeds" / file).read_bytes())
        lines += ["[[feeds]]", f"url = {json.dumps(url)}", f"id = {json.dumps(file)}"]
    return "\n".join(lines)


def _fetch(archive: Path, subscriptions: Path) -> str:
    command = [sys.executable, "-m", "feedarchive", "fetch", "--json", "--all"]
    done = subprocess.run(
        [*command, "--archive", str(archive), "--feeds", str(subscriptions)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"exit status {done.returncode}: {done.stderr[-500:]}"
    report = json.loads(done.stdout)
    problems = sorted(f"{p['kind']} ({p['feed']})" for p in report.pop("problems"))
    return f"{json.dumps(report)}; problems: {problems}"


def _differing_front_matter(files: list[Path]) -> int:
    newer, differing = YAML(typ="safe", pure=True), 0
    for file in files:
        head = file.read_text(encoding="utf-8").split("\n---\n")[0].removeprefix("---\n")
        differing += yaml.safe_load(head) != newer.load(io.StringIO(head))
    return differing


def _hugo(content: Path, site: Path) -> str:
    site.mkdir()
    (site / "hugo.toml").write_text('baseURL = "https://example.org/"\n[markup.goldmark.renderer]\nunsafe = true\n')
    layout = site / "layouts" / "_default"
    layout.mkdir(parents=True)
    for name in ("single.html", "list.html"):
        (layout / name).write_text("<!doctype html><title>{{ .Title }}</title>{{ .Content }}")
    hugo = Path(sys.executable).with_name("hugo")
    done = subprocess.run(
        [hugo, "--source", site, "--contentDir", content.resolve()], capture_output=True, text=True, check=False
    )
    pages = sum(1 for _ in (site / "public").rglob("index.html"))
    return f"exit status {done.returncode}, {pages} pages, messages: {done.stderr.strip() or 'none'}"


def _print_words(folder: Path, feeds: dict[str, str]) -> None:
    kept: list[tuple[Kept, str]] = []
    for file, url in feeds.items():
        document = parse_document((folder / "feeds" / file).read_bytes(), url)
        for entry in document.entries if isinstance(document, Document) else ():
            if text := choose_text(entry).text:
                article = compose(entry, "", entry.link, EntrySource(url), "0" * 32)
                source = text.value if text.html else plain_text_to_html(text.value)
                kept.append((words_kept(source, article.body), entry.link))
    kept.sort(key=lambda pair: pair[0].share)
    words, missing = sum(k.words for k, _ in kept), sum(len(k.missing) for k, _ in kept)
    print(f"{len(kept)} bodies, {words} words, {missing} missing; ", end="")
    print(f"{sum(k.share < 0.995 for k, _ in kept)} bodies below 99.5 %; those with the most missing words:")
    for each, link in kept[:10]:
        print(f"  {each.share:.4f} of {each.words:5} {link} {' '.join(each.missing[:12])}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
