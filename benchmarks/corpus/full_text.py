"""Measure the extraction of full texts on recorded pages: words, pictures, time.

    python -m benchmarks.corpus.full_text FOLDER [--worst N]

The folder is not part of the project. It has three files for each page:

- ``NAME.html`` is the page as it was served.
- ``NAME.txt`` is the text that a person copied from the page.
- ``NAME.json`` has ``url``, ``site`` and ``images`` (the URLs of the article's pictures, null if unknown).

The sites are divided into two halves by the hash of their name. The extraction is tuned on one half. The other half
(holdout) shows whether it also works on other sites.

Words are compared as multisets. Precision, recall and F1 are calculated for each page, and the mean of all pages is
printed. "Sequences" is the F1 of sequences of four words, in which every page has the same weight. A picture is kept if
the extracted text has a picture of the same name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles
from urllib.parse import unquote, urlsplit

from feedarchive.changes.words import words_of
from feedarchive.full_text.extract_page import extract_page, page_tree
from feedarchive.full_text.model import NoText, PageRequest
from feedarchive.full_text.page_text import sanitized
from feedarchive.full_text.page_words import all_words, lines_of

_SEQUENCE = 4  # the number of words in a sequence
# Matches the size in the file name of a picture. Only this part differs between two sizes of one picture.
_SIZE = re.compile(r"[-_](?:\d+x\d+|[a-z0-9]*(?:large|small|medium|jumbo|big|thumb|full)|\d+w)(?=\.|$)|^\d+px-")


@dataclass(frozen=True)
class Score:
    """How well the text of one page was found.

    - ``sequences``: see ``_sequence_shares``.
    - ``images`` is the number of the article's pictures.
    - ``images_kept`` is the number of these pictures that were found.
    - ``images_extra`` is the number of pictures that were found and are not the article's.
    """

    name: str
    is_holdout: bool
    extractor: str
    precision: float
    recall: float
    sequences: tuple[float, float, float]
    images: int
    images_kept: int
    images_extra: int
    seconds: float

    @property
    def f1(self) -> float:
        return _f1(self.precision, self.recall)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the extraction of full texts on recorded pages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages of the tuning half")
    arguments = parser.parse_args()
    scores = [score(path) for path in sorted(arguments.folder.glob("*.html"))]
    print(f"{'':8} pages  precision  recall  words F1  sequences F1  images kept  images extra  median ms  90 % ms")
    for label, chosen in (
        ("tuning", [each for each in scores if not each.is_holdout]),
        ("holdout", [each for each in scores if each.is_holdout]),
        ("all", scores),
    ):
        print(f"{label:8} {_row(chosen)}")
    print("extractors:", dict(Counter(each.extractor for each in scores)))
    tuning = sorted((each for each in scores if not each.is_holdout), key=lambda each: each.f1)
    for each in tuning[: arguments.worst]:
        images = f"{each.images_kept}/{each.images}+{each.images_extra}"
        print(f"{each.f1:.3f} p {each.precision:.3f} r {each.recall:.3f} images {images} {each.extractor} {each.name}")


def score(path: Path) -> Score:
    """Extract one page and compare it with its known text."""
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    expected = _words(path.with_suffix(".txt").read_text(encoding="utf-8"))
    started = time.process_time()
    found, images, extractor = _extract(PageRequest(path.read_bytes(), facts["url"], "text/html"))
    seconds = time.process_time() - started
    common = _common(expected, found)
    known_images = {_picture(url) for url in facts["images"] or ()}
    return Score(
        name=path.stem,
        is_holdout=hashlib.sha256(facts["site"].encode()).digest()[0] % 2 == 1,
        extractor=extractor,
        precision=common / len(found) if found else 0.0,
        recall=common / len(expected) if expected else float(not found),
        sequences=_sequence_shares(expected, found),
        images=len(known_images),
        images_kept=len(known_images & images),
        images_extra=len(images - known_images) if facts["images"] is not None else 0,
        seconds=seconds,
    )


def _extract(request: PageRequest) -> tuple[list[str], set[str], str]:
    """Three values: the words of the article in a page, the names of its pictures, and the extractor that found it."""
    page = page_tree(request)
    if isinstance(page, NoText):
        return [], set(), page.reason
    found = extract_page(page, request.url)
    tree = sanitized(found, request.url)
    images = {_picture(image.get("src", "")) for image in tree.iter("img")}
    return all_words(lines_of(tree)), images, found.extractor


def _picture(url: str) -> str:
    """The file name in a picture's URL, without its size. The same picture can be at several URLs."""
    return _SIZE.sub("", unquote(urlsplit(url.strip()).path).lower().rstrip("/").rpartition("/")[2])


def _words(text: str) -> list[str]:
    return [word.text.casefold() for word in words_of(text.splitlines()) if word.is_word]


def _common(one: Iterable[Hashable], other: Iterable[Hashable]) -> int:
    return (Counter(one) & Counter(other)).total()


def _sequence_shares(expected: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """True positives, false positives and false negatives, as shares that add up to 1."""
    one, other = (
        Counter(tuple(words[at : at + _SEQUENCE]) for at in range(max(1, len(words) - _SEQUENCE + 1)))
        for words in (expected, found)
    )
    both = (one & other).total()
    values = both, other.total() - both, one.total() - both
    return values[0] / sum(values), values[1] / sum(values), values[2] / sum(values)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _row(scores: Sequence[Score]) -> str:
    hits, extra, missed = (fmean(values) for values in zip(*(each.sequences for each in scores), strict=True))
    images = sum(each.images for each in scores)
    kept = sum(each.images_kept for each in scores) / images if images else 1.0
    milliseconds = [1000 * each.seconds for each in scores]
    precision, recall = fmean(each.precision for each in scores), fmean(each.recall for each in scores)
    return (
        f"{len(scores):5}  {precision:9.3f}  {recall:6.3f}"
        f"  {fmean(each.f1 for each in scores):8.3f}  {_f1(hits / (hits + extra), hits / (hits + missed)):12.3f}"
        f"  {kept:11.3f}  {sum(each.images_extra for each in scores):12}"
        f"  {quantiles(milliseconds, n=2)[0]:9.0f}  {quantiles(milliseconds, n=10)[-1]:7.0f}"
    )


if __name__ == "__main__":
    main()
