"""Count what the articles of archives contain, to compare two versions of the program on the same documents.

    python -m benchmarks.corpus.count_contents ARCHIVE [OTHER]

ARCHIVE and OTHER are the folders of archives. If OTHER is given, the articles that are in both are compared. The result
is how many of their files and bodies are the same. The time of archiving in a file is not compared.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from feedarchive.article.yaml_format import body_of, parse_front_matter
from tests.harness.words_kept import words_of_html

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?=[^\s$])[^$]*?(?<=[^\s\\])\1(?![\d$])")
_ARCHIVED = re.compile(r'^archived: ".*"\n', re.MULTILINE)
_ROWS = (
    "files", "words", "links", "in-page links", "images", "formulas", "headings", "blocks of code",
    "blocks of code with a language", "empty bodies", "front matter with an image", "front matter with a date",
)  # fmt: skip


def articles(archive: Path) -> dict[str, str]:
    """Map the name of each article's file (its key without the day's folder) to the text of the file."""
    files = sorted((archive / "archive").glob("*/*/*/*/*.md"))
    return {"/".join(path.parts[-2:]): path.read_text(encoding="utf-8") for path in files}


def count(texts: Iterator[str]) -> Counter[str]:
    """Count how often the files contain links, images and so on."""
    counts: Counter[str] = Counter()
    for text in texts:
        fields, body = parse_front_matter(text), body_of(text)
        counts["files"] += 1
        counts["words"] += len(words_of_html(_PARSER.render(body)))
        counts["formulas"] += len(_FORMULA.findall(body))
        counts["empty bodies"] += not body.strip()
        counts["front matter with an image"] += bool(fields["image"])
        counts["front matter with a date"] += "published" in fields or "updated" in fields
        page = str(fields["link"]).partition("#")[0]
        for token in _tokens(_PARSER.parse(body)):
            counts.update(_kinds(token, page))
    return counts


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])


def _kinds(token: Token, page: str) -> Iterator[str]:
    match token.type:
        case "heading_open":
            yield "headings"
        case "image":
            yield "images"
        case "fence" | "code_block":
            yield "blocks of code"
            if token.info.strip():
                yield "blocks of code with a language"
        case "link_open":
            yield "links"
            target, sign, _ = str(token.attrGet("href")).partition("#")
            if sign and target in ("", page):
                yield "in-page links"


def main(archives: list[Path]) -> None:
    """Print the table of the counts, and how many files are the same in two archives."""
    found = [articles(archive) for archive in archives]
    counts = [count(iter(texts.values())) for texts in found]
    for row in _ROWS:
        print(f"{row:32}", *(f"{each[row]:10}" for each in counts))
    if len(found) == 2:
        one, other = found
        both = one.keys() & other.keys()
        same = sum(_ARCHIVED.sub("", one[name]) == _ARCHIVED.sub("", other[name]) for name in both)
        bodies = sum(body_of(one[name]) == body_of(other[name]) for name in both)
        print(f"{len(both)} in both: {same} files and {bodies} bodies are the same")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
