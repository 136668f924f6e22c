"""Polling does not import the packages for full texts and kept documents, which may be turned off."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.test_direction import LIBRARIES_OF_EXTRACTION

OFF = {*LIBRARIES_OF_EXTRACTION, "warcio"}


def test_a_run_and_its_parser_process_import_neither_the_package_nor_its_library() -> None:
    program = (
        "import sys, feedarchive.cli.fetch, feedarchive.run, feedarchive.parsing.process\n"
        "import feedarchive.full_text.model\n"
        f"print([name for name in sys.modules if name.split('.')[0] in {OFF!r}"
        " or name.startswith('feedarchive.documents')])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
