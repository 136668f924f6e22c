"""The demo (``make demo``): archive sample feeds of made-up publications, served on this machine.

It runs the real command over real HTTP and uses no other network. The archive is ``my-archive`` in the current
folder. It stays there, with the starter list of well-known feeds as its feeds.toml.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from editions import write_feeds

HERE = Path(__file__).resolve().parent
ARCHIVE = Path("my-archive")
# The port, and with it every URL, differs between runs. The ids do not, so these are always the same feeds.
FEEDS = {
    "demo-gazette": "gazette.rss.xml",
    "demo-observatory": "observatory.rss.xml",
    "demo-observatory-visitors": "observatory-visitors.rss.xml",
    "demo-cookbook": "cookbook.atom.xml",
    "demo-letters": "letters.feed.json",
    "demo-almanac": "almanac.rdf",
}
MARKER = "# This archive was made by `make demo`. The demo uses it again as long as this line is here."


class DemoFailed(Exception):
    """A command of the demo failed. The argument is its exit status."""


def main() -> int:
    if not is_usable(ARCHIVE):
        print(
            f"The folder {ARCHIVE} exists and was not made by the demo: nothing was changed.\n"
            f"Move it away, or run the demo in another folder:\n"
            f"    cd SOME/FOLDER && {sys.executable} {HERE / 'demo.py'}"
        )
        return 1
    prepare(ARCHIVE)
    try:
        written_once = run_demo()
    except DemoFailed as failed:
        return int(failed.args[0])
    if not written_once:
        say("Articles were written twice. This is a bug: please report it.")
        return 1
    show_next_steps()
    return 0


def run_demo() -> bool:
    """Poll, poll again, build the digest. False if a poll without news changed the archive."""
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder, serving(Path(folder)) as url:
        feeds_file = Path(folder, "demo-feeds.toml")
        feeds_file.write_text(feeds_toml(url), encoding="utf-8")
        if articles(ARCHIVE):
            say(f"The archive of an earlier demo is here. Poll its {len(FEEDS)} feeds again: nothing is stored twice.")
        else:
            say(f"Poll {len(FEEDS)} sample feeds, served at {url}. Each article becomes a Markdown file.")
            write_feeds(Path(folder), "before", now)
            fetch(feeds_file)
            say("Later, publishers have edited two articles and added one. An edited article gets a new file.")
        write_feeds(Path(folder), "later", now)
        fetch(feeds_file)
        written = articles(ARCHIVE)
        say("Poll once more. Nothing has changed, so nothing is written.")
        fetch(feeds_file)
    if articles(ARCHIVE) != written:
        return False
    say("Build the digest of the day.")
    command("digest", "--archive", f"./{ARCHIVE}")
    show_article(written)
    return True


def is_usable(archive: Path) -> bool:
    """Whether the demo may use this folder: it is missing, empty, or was made by an earlier demo."""
    feeds_file = archive / "feeds.toml"
    if feeds_file.is_file():
        return feeds_file.read_text(encoding="utf-8", errors="replace").startswith(MARKER)
    return not archive.exists() or (archive.is_dir() and not any(archive.iterdir()))


def prepare(archive: Path) -> None:
    """Give a new archive the starter list. The demo's own feeds are gone when it ends."""
    archive.mkdir(exist_ok=True)
    if not (archive / "feeds.toml").exists():
        starter = (HERE.parent / "feeds.toml").read_text(encoding="utf-8")
        (archive / "feeds.toml").write_text(f"{MARKER}\n# Its time zone is UTC.\n\n{starter}", encoding="utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Logs no requests."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def feeds_toml(url: str) -> str:
    """A feeds file of the sample feeds. Their address is private, so the file must allow private addresses."""
    tables = [f'[[feeds]]\nid = "{feed_id}"\nurl = "{url}{name}"\n' for feed_id, name in FEEDS.items()]
    return "\n".join(["[fetch]\nallow_private_addresses = true\n", *tables])


def fetch(feeds_file: Path) -> None:
    """Poll the sample feeds."""
    command("fetch", "--archive", f"./{ARCHIVE}", "--feeds", str(feeds_file), "--all")


def command(*arguments: str) -> None:
    """Run ``feedarchive`` in a process of its own. Raises DemoFailed."""
    print("$ feedarchive", *arguments, flush=True)
    status = subprocess.run([sys.executable, "-m", "feedarchive", *arguments], check=False).returncode  # noqa: S603
    if status:
        raise DemoFailed(status)


def articles(archive: Path) -> dict[Path, bytes]:
    """Every article file of the archive, and its bytes."""
    return {path: path.read_bytes() for path in sorted(archive.glob("archive/*/*/*/*/*.md"))}


def show_article(written: dict[Path, bytes]) -> None:
    example = next((path for path in written if "comet" in path.name), min(written))
    say(f"{len(written)} files are in {ARCHIVE}/archive. This is one of them:")
    print(example)
    for line in [*written[example].decode().splitlines()[:28], "…"]:
        print("   ", line if len(line) <= 110 else f"{line[:109]}…")


def show_next_steps() -> None:
    program = Path(sys.executable).with_name("feedarchive")
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    say(
        "What next:\n"
        f"  read the day             open {ARCHIVE}/pages/index.html\n"
        f"  subscribe to a feed      {program} add URL (feeds.toml has well-known feeds to start with)\n"
        f"  archive the feeds        {program} fetch\n"
        f"  remove an article        {program} forget FILE-or-LINK\n"
        f"  start again              delete the folder {ARCHIVE}"
    )


def say(text: str) -> None:
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
