"""Random changes to a sound archive: does ``verify`` find each change and name its file?

    python -m tests.copying.random_changes 1000

This changes one file, verifies the archive, and undoes the change, 1,000 times. It prints the changes that were not
found. If there are any, the exit status is 1.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from feedarchive.archive.manifest import NotAnArchive
from feedarchive.store.folder import FolderStore
from feedarchive.verification.verify_archive import ArchiveCheck
from tests.copying.archives import make_archive
from tests.harness.clock import Clock

_CHANGES = ("flip", "remove", "truncate", "add", "swap", "rename")
# No file has the hash of digest.md, status.json or feeds.toml, so they are left out.
_VERIFIED = re.compile(r"archive/.+\.(?:md|media\.json)|archive/.+/digest\.json|archive/index\.json|days/.+|claims/.+")
_UNVERIFIED = re.compile(r".*/digest\.md")
# A changed time in the claim of a GUID cannot be found, because no other file has this time.
_TIME_OF_GUID = re.compile(rb'"names": "[0-9a-f]{32}", "time": "([^"]*)"')


@dataclass(frozen=True)
class Change:
    """A change to one or two files, by their keys."""

    kind: str
    keys: tuple[str, ...]
    offset: int = -1


def sound_archive(folder: Path) -> FolderStore:
    """An archive without damage."""
    store, clock = FolderStore(folder), Clock()
    make_archive(store, clock)
    return store


def verified_keys(root: Path) -> list[str]:
    keys = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(key for key in keys if _VERIFIED.fullmatch(key) and not _UNVERIFIED.fullmatch(key))


def random_change(root: Path, keys: list[str], random: Random) -> Change:
    """Change a file. Articles, digests, indexes, records and claims are equally likely."""
    groups: dict[str, list[str]] = {}
    for key in keys:
        is_file = key.endswith((".md", ".media.json"))
        name = "articles" if is_file else "digests" if key.startswith("archive/") else key.split("/")[0]
        groups.setdefault(name, []).append(key)
    kind = random.choice(_CHANGES)
    same = groups[random.choice(sorted(groups))]
    key = random.choice(same)
    path = root / key
    data = path.read_bytes()
    if kind == "flip":
        offset = _offset(data, random)
        flipped = bytearray(data)
        flipped[offset] ^= 1 << random.randrange(8)
        path.write_bytes(flipped)
        return Change(kind, (key,), offset)
    if kind == "remove":
        path.unlink()
    elif kind == "truncate":
        path.write_bytes(data[: random.randrange(len(data))])
    elif kind == "swap":
        others = [each for each in same if each != key and (root / each).read_bytes() != data]
        if not others:
            path.unlink()
            return Change("remove", (key,))
        other = random.choice(others)
        path.write_bytes((root / other).read_bytes())
        (root / other).write_bytes(data)
        return Change(kind, (key, other))
    elif b'"names"' in data and kind == "add":
        # A copy of this claim is valid: it is what a claim of another URL of the article looks like.
        path.unlink()
        return Change("remove", (key,))
    else:
        name = path.name[:-1] + ("0" if path.name[-1] != "0" else "1") if "." not in path.name else f"x{path.name}"
        new = path.with_name(name)
        if kind == "add":
            new.write_bytes(data)
        else:
            path.rename(new)
        return Change(kind, (key, new.relative_to(root).as_posix()))
    return Change(kind, (key,))


def _offset(data: bytes, random: Random) -> int:
    time = _TIME_OF_GUID.search(data)
    offsets = [n for n in range(len(data)) if not (time and time.start(1) <= n < time.end(1))]
    return random.choice(offsets)


def names(store: FolderStore, change: Change) -> bool:
    """Whether a check finds the change and names one of its files."""
    clock = Clock()
    clock.move(days=2)
    try:
        found = ArchiveCheck(store, clock()).run()
    except NotAnArchive:
        return True
    named = " ".join(f"{each.key} {each.detail}" for each in found.findings)
    if any(key in named or key.rpartition("/")[2] in named for key in change.keys):
        return True
    # A finding names a tombstone by its folder and the first 12 digits of the id.
    if any(key.startswith("claims/") and f"{key[:22]} " in named for key in change.keys):
        return True
    # If a change record is missing, the finding names the day record, which does not match the changed files.
    if any(".after-" in key and key.partition(".after-")[0] in named for key in change.keys):
        return True
    # If a hash in the index is changed, the finding names the digest and not the index.
    return any(key == "archive/index.json" for key in change.keys) and bool(found.findings)


def run_trials(folder: Path, number: int, seed: int) -> tuple[Counter[str], list[Change]]:
    """Make ``number`` changes. Return how many of each kind were found, and the changes that were not found."""
    sound = folder / "sound"
    store = sound_archive(sound)
    clock = Clock()
    clock.move(days=2)
    assert ArchiveCheck(store, clock()).run().findings == (), "a sound archive is called damaged"
    keys, random = verified_keys(sound), Random(seed)
    found: Counter[str] = Counter()
    missed = []
    for _ in range(number):
        changed = folder / "changed"
        shutil.copytree(sound, changed)
        change = random_change(changed, keys, random)
        if names(FolderStore(changed), change):
            found[change.kind] += 1
        else:
            missed.append(change)
        shutil.rmtree(changed)
    return found, missed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        all_found, all_missed = run_trials(Path(temporary), int(sys.argv[1]), seed=1)
    print(f"found {sum(all_found.values())} of {sys.argv[1]}: {dict(all_found)}")
    for each in all_missed:
        print(f"not found: {each}")
    sys.exit(1 if all_missed else 0)
