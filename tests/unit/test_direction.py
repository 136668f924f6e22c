"""Imports go downwards only, and pure code imports no network, store, clock or environment."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "layers" / "core" / "feedarchive"
# From the bottom up: a module imports its own package and those below it.
LAYERS = [
    "kinds", "clock", "rfc3339", "text", "urls", "url_secrets", "hashes", "json_values", "problems", "concurrency",
    "document", "identity", "markdown", "article", "changes", "feeds", "parsing", "report", "store", "archive",
    "polling", "documents", "fetching", "full_text", "media", "completion", "health", "stories", "digest", "history",
    "proof",
    "stamps",
    "pages", "mail", "tables", "builds",
    "copying",
    "verification",
    "replay",
    "shard_progress", "run", "multiprocess",
    "subscriptions", "search", "serve", "cli", "__main__",
]  # fmt: skip
PURE = [
    "fetching/problems", "fetching/result", "fetching/robots_txt", "completion/job",
    "completion/job_list", "completion/job_list_json", "completion/due_jobs", "completion/fetch_results",
    "completion/report", "completion/reasons", "completion/wanted_jobs",
    "completion/job_counts",
    "copying/selection", "copying/report",
    "documents/kept_document", "documents/document_keys",
    "hashes", "pages/other_reports", "tables/columns", "tables/rows", "serve/http", "serve/guard", "serve/chart",
    "search/context", "search/folded_text", "search/plain_text", "search/query", "kinds", "rfc3339", "text", "urls",
    "url_secrets", "json_values", "problems", "document", "identity", "markdown", "article", "changes", "feeds",
    "parsing", "report", "health/feed_health", "health/damage", "stories", "digest/digest_entry",
    "digest/day_stories", "digest/digest", "digest/markdown_page", "proof/file_list", "proof/records",
    "pages/page_names", "pages/dates", "pages/render_body", "pages/article_html", "pages/site_page",
    "pages/page_record", "pages/day_page", "pages/stored_media", "pages/companion_files", "pages/full_text_html",
    "pages/edit_lines", "pages/edits", "pages/edits_page", "pages/later_versions", "pages/version_links",
    "pages/days_page", "pages/html_templates", "mail", "builds/silence",
    "subscriptions/errors", "subscriptions/feed_ids", "subscriptions/feed_lookup", "subscriptions/feed_summary",
    "subscriptions/feed_urls", "subscriptions/feeds_file_check", "subscriptions/feeds_file_editor",
    "subscriptions/opml", "subscriptions/opml_export", "subscriptions/page_links", "subscriptions/preview",
    "media/media_type", "media/picture_size", "media/object_key", "media/safe_svg", "media/svg_references",
    "media/article_media", "media/media_list", "media/problem",
    "subscriptions/toml_layout", "archive/noisy_feeds", "archive/revision_rules",
    "full_text/full_text_file",
]  # fmt: skip
IMPURE = {
    "requests", "urllib3", "socket", "http", "boto3", "botocore", "os", "time", "subprocess", "threading", "random",
    "filelock", "shutil", "tempfile", "multiprocessing", "asyncio", "aws_lambda_powertools",
    "feedarchive.store", "feedarchive.clock",
}  # fmt: skip
LIBRARIES_OF_EXTRACTION = {"trafilatura", "courlan", "htmldate", "justext", "babel"}
# Modules of pure packages that are not pure: starter.py reads a file of the package, and the other modules manage the
# parser processes.
EXCEPTIONS = {"feeds/starter", "parsing/process", "parsing/parser_process", "parsing/pool"}


def modules() -> list[str]:
    return sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """The syntax of a module."""
    return tuple(ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))))


@cache
def imports(module: str) -> set[str]:
    """Every module that a module imports, also within functions."""
    found: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            found.add(node.module or "")
    return found


def pure_modules() -> list[str]:
    return [m for m in modules() if (m in PURE or m.split("/")[0] in PURE) and m not in EXCEPTIONS]


def test_every_module_has_a_layer() -> None:
    assert {module.split("/")[0] for module in modules()} - {"__init__"} == set(LAYERS)


def test_pure_code_imports_nothing_impure_and_reads_no_clock() -> None:
    assert len(pure_modules()) > 20
    for module in pure_modules():
        imported = imports(module)
        packages = {name.split(".")[0] for name in imported} | {".".join(name.split(".")[:2]) for name in imported}
        assert packages & IMPURE == set(), module
        attributes = {node.attr for node in nodes(module) if isinstance(node, ast.Attribute)}
        assert attributes & {"now", "today", "utcnow", "environ", "getenv"} == set(), module


def test_imports_go_downwards() -> None:
    for module in modules():
        own = module.split("/", maxsplit=1)[0]
        if own == "__init__":
            continue
        for name in imports(module):
            target = name.removeprefix("feedarchive.").split(".")[0] if name.startswith("feedarchive.") else own
            assert LAYERS.index(target) <= LAYERS.index(own), f"{module} imports {name}"


def test_only_functions_import_powertools() -> None:
    assert not [m for m in modules() if any(name.startswith("aws_lambda_powertools") for name in imports(m))]


def test_only_one_module_imports_the_library_that_extracts_pages() -> None:
    assert [m for m in modules() if {name.split(".")[0] for name in imports(m)} & LIBRARIES_OF_EXTRACTION] == [
        "full_text/extractor_library"
    ]
