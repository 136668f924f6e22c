"""What is off costs nothing: polling does not import the extraction of pages, and nothing imports its library early."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.test_direction import imports, modules

LIBRARIES = {"trafilatura", "courlan", "htmldate", "justext", "babel"}


def test_only_one_module_imports_the_library() -> None:
    assert [m for m in modules() if {name.split(".")[0] for name in imports(m)} & LIBRARIES] == [
        "full_text/extractor_library"
    ]


def test_a_run_and_its_parser_process_import_neither_the_package_nor_its_library() -> None:
    program = (
        "import sys, feedarchive.cli.fetch, feedarchive.run, feedarchive.parsing.process\n"
        "import feedarchive.full_text.model\n"
        f"print([name for name in sys.modules if name.split('.')[0] in {LIBRARIES!r}])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
