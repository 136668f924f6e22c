"""``make demo``: sample feeds over real HTTP, the real command twice, and a look at what it wrote.

Uses nothing but this machine. The archive is ./my-archive of the folder it is run in; it stays, with
a list of well-known feeds to go on with.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
ARCHIVE = Path("my-archive")
# The ids stay though the port, and with it every URL, is another each time: so the feeds stay the same.
FEEDS = {
    "demo-observatory": "observatory.rss.xml",
    "demo-observatory-visitors": "observatory-visitors.rss.xml",
    "demo-cookbook": "cookbook.atom.xml",
    "demo-letters": "letters.feed.json",
    "demo-almanac": "almanac.rdf",
}
MARK = "# This archive was made by `make demo`, which may use it again while this line stands here."


def main() -> int:
    if not is_ours_or_free(ARCHIVE):
        print(
            f"There is a {ARCHIVE} here already, and the demo did not make it: it is left as it is.\n"
            f"Move it away, or run the demo in another folder:\n"
            f"    cd SOME/FOLDER && {sys.executable} {HERE / 'demo.py'}"
        )
        return 1
    prepare(ARCHIVE)
    with serving(HERE) as address, TemporaryDirectory() as folder:
        feeds_file = Path(folder, "demo-feeds.toml")
        feeds_file.write_text(feeds_toml(address), encoding="utf-8")
        say(f"{len(FEEDS)} sample feeds of made-up publications are at {address}. Poll them, archive what they show:")
        if status := fetch(feeds_file):
            return status
        once = articles(ARCHIVE)
        say("The same again. Nothing has changed there, so nothing is written here:")
        if status := fetch(feeds_file):
            return status
    if articles(ARCHIVE) != once:
        say("Articles were written twice: that is a bug, please report it.")
        return 1
    show(once)
    say("And the digest of the day:")
    if status := command("digest", "--archive", f"./{ARCHIVE}"):
        return status
    what_next()
    return 0


def is_ours_or_free(archive: Path) -> bool:
    """May the demo use this folder: is it not there, empty, or an earlier demo's?"""
    feeds_file = archive / "feeds.toml"
    if feeds_file.is_file():
        return feeds_file.read_text(encoding="utf-8", errors="replace").startswith(MARK)
    return not archive.exists() or (archive.is_dir() and not any(archive.iterdir()))


def prepare(archive: Path) -> None:
    """Give a new archive real feeds for later; the demo's own are at an address that ends with it."""
    archive.mkdir(exist_ok=True)
    if not (archive / "feeds.toml").exists():
        starter = (HERE.parent / "feeds.toml").read_text(encoding="utf-8")
        (archive / "feeds.toml").write_text(f"{MARK}\n# Its time zone is UTC.\n\n{starter}", encoding="utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def feeds_toml(address: str) -> str:
    """A feeds file of the sample feeds. They are at a private address, which must be allowed."""
    tables = [f'[[feeds]]\nid = "{feed_id}"\nurl = "{address}{name}"\n' for feed_id, name in FEEDS.items()]
    return "\n".join(["[fetch]\nallow_private_addresses = true\n", *tables])


def fetch(feeds_file: Path) -> int:
    """Poll the sample feeds."""
    return command("fetch", "--archive", f"./{ARCHIVE}", "--feeds", str(feeds_file), "--all")


def command(*arguments: str) -> int:
    """Run the real command, as a user would; its exit status."""
    print("$ feedarchive", *arguments, flush=True)
    return subprocess.run([sys.executable, "-m", "feedarchive", *arguments], check=False).returncode  # noqa: S603


def articles(archive: Path) -> dict[Path, bytes]:
    """Every article in the archive, and its bytes."""
    return {path: path.read_bytes() for path in sorted(archive.glob("archive/*/*/*/*/*.md"))}


def show(written: dict[Path, bytes]) -> None:
    example = next((path for path in written if "comet" in path.name), min(written))
    say(f"{len(written)} articles are in {ARCHIVE}/archive, one Markdown file each. This is one of them:")
    print(example)
    for line in [*written[example].decode().splitlines()[:28], "…"]:
        print("   ", line if len(line) <= 110 else f"{line[:109]}…")


def what_next() -> None:
    program = Path(sys.executable).with_name("feedarchive")
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    say(
        "What next:\n"
        f"  look around              {ARCHIVE}/archive/index.html in a browser, or the files with any editor\n"
        f"  choose your own feeds    {ARCHIVE}/feeds.toml, which has well-known ones for a start\n"
        f"  archive them             {program} fetch\n"
        f"  take an article out      {program} forget FILE-or-LINK\n"
        f"  begin anew               remove the folder {ARCHIVE}"
    )


def say(text: str) -> None:
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
