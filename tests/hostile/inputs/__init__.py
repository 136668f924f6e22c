"""Hostile documents of any size."""

from __future__ import annotations

from tests.hostile.inputs.bodies import BODIES
from tests.hostile.inputs.data import DATA
from tests.hostile.inputs.encodings import ENCODINGS
from tests.hostile.inputs.fields import FIELDS
from tests.hostile.inputs.forms import Input
from tests.hostile.inputs.xml import XML

INPUTS: dict[str, Input] = {
    f"{kind}: {name}": hostile
    for kind, inputs in (("xml", XML), ("json", DATA), ("bytes", ENCODINGS), ("html", BODIES), ("field", FIELDS))
    for name, hostile in inputs.items()
}

# These inputs exceed a limit of CPU time or memory with 10 MB, the largest size allowed. With 1 MB, no input does.
NEED_A_DEADLINE = frozenset(
    (
        "bytes: C1 controls",
        "bytes: UTF-7 shifts",
        "bytes: emoji",
        "bytes: latin letters",
        "bytes: latin letters, declared as UTF-8",
        "bytes: lone surrogates",
        "bytes: overlong",
        "html: URL of dots",
        "html: alt of all bytes",
        "html: ampersands",
        "html: ampersands with a letter",
        "html: blocks of code",
        "html: bold breaks",
        "html: breaks and words",
        "html: cells",
        "html: code with breaks",
        "html: combining marks",
        "html: headings",
        "html: less-thans",
        "html: numbers",
        "html: quotations",
        "html: rows",
        "html: starts of references",
        "html: tables",
        "html: terms",
        "html: unclosed quotes",
        "xml: ampersands",
        "xml: attributes by the thousand",
        "xml: attributes by the thousand, broken",
        "xml: billion laughs by parameters",
        "xml: quadratic blowup",
        "xml: quadratic blowup behind a comment",
        "xml: spaces in xhtml",
        "xml: start of a tag, spaces",
        "xml: starts of references",
    )
)
