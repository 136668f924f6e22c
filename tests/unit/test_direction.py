"""Which module may import which: pure code knows no network, store, clock or environment, and nothing looks up."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "layers" / "core" / "feedarchive"
# From the bottom up: a package imports its own modules and those below it.
FLOORS = [
    "rfc3339", "text", "urls", "json_values", "problems", "concurrency", "document", "identity", "markdown", "article",
    "feeds", "parsing", "report", "store", "archive", "polling",
]  # fmt: skip
FLOORS_ABOVE = ["health", "digest", "run", "multiprocess", "subscriptions", "cli", "__main__"]
# digest and health know each other: a day's digest counts for health, and health is told with the day.
TOGETHER = {("health", "digest")}
# identity reads entries, markdown reads the addresses that identity makes canonical: all of them pure.
PURE = [
    "rfc3339", "text", "urls", "json_values", "problems", "document", "identity", "markdown", "article", "feeds",
    "parsing", "report",
]  # fmt: skip
PURE_MODULES = [
    "digest/digest_entry", "digest/digest", "digest/markdown_page", "digest/html_page", "digest/daily_mail",
    "subscriptions/errors", "subscriptions/feed_ids", "subscriptions/feed_lookup", "subscriptions/feed_summary",
    "subscriptions/feed_urls",
    "subscriptions/feeds_file_check", "subscriptions/feeds_file_editor", "subscriptions/opml",
    "subscriptions/opml_export", "subscriptions/page_links", "subscriptions/preview", "subscriptions/toml_layout",
]  # fmt: skip
OUTSIDE = {
    "requests", "urllib3", "socket", "http", "boto3", "botocore", "os", "time", "subprocess", "threading", "random",
    "filelock", "shutil", "tempfile", "multiprocessing", "asyncio", "aws_lambda_powertools",
}  # fmt: skip
# starter.py reads the list a new archive starts with from the package: the one file that belongs to the code.
# process.py and pool.py are the two ends of the pipe to a process that may be killed.
NOT_PURE = {"feeds/starter", "parsing/process", "parsing/pool"}


def modules() -> list[str]:
    return sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))


def imports(module: str) -> set[str]:
    """All that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found.add(node.module or "")
    return found


def pure_modules() -> list[str]:
    return [m for m in modules() if (m.split("/")[0] in PURE or m in PURE_MODULES) and m not in NOT_PURE]


@pytest.mark.parametrize("module", pure_modules())
def test_pure_code_knows_nothing_outside(module: str) -> None:
    assert {name.split(".")[0] for name in imports(module)} & OUTSIDE == set()
    assert not any(name.startswith("feedarchive.store") for name in imports(module)) or module.startswith("digest/")
    calls = [n for n in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())) if isinstance(n, ast.Attribute)]
    assert not {call.attr for call in calls} & {"now", "today", "utcnow", "environ", "getenv"}


@pytest.mark.parametrize("module", modules())
def test_nothing_looks_up(module: str) -> None:
    floors = FLOORS + FLOORS_ABOVE
    own = module.split("/", maxsplit=1)[0]
    if own not in floors:
        return
    for name in imports(module):
        target = name.removeprefix("feedarchive.").split(".")[0] if name.startswith("feedarchive.") else own
        if target in floors and (own, target) not in TOGETHER:
            assert floors.index(target) <= floors.index(own), f"{module} imports {name}"


def test_powertools_are_for_functions_only() -> None:
    assert not [m for m in modules() if any(name.startswith("aws_lambda_powertools") for name in imports(m))]
