"""Documents that mean harm, each made by a small function of how many bytes it is to have."""

from __future__ import annotations

from hostile.inputs.bodies import BODIES
from hostile.inputs.data import DATA
from hostile.inputs.encodings import ENCODINGS
from hostile.inputs.fields import FIELDS
from hostile.inputs.forms import Input
from hostile.inputs.xml import XML

INPUTS: dict[str, Input] = {
    f"{kind}: {name}": made
    for kind, inputs in (("xml", XML), ("json", DATA), ("bytes", ENCODINGS), ("html", BODIES), ("field", FIELDS))
    for name, made in inputs.items()
}

# Of 10 MB, as large as a document may be, only a limit ended these when they were measured. Of 1 MB, all end alone.
NEED_A_DEADLINE = frozenset(
    (
        "bytes: C1 controls",
        "bytes: UTF-7 shifts",
        "bytes: emoji",
        "bytes: latin letters",
        "bytes: latin letters, declared as UTF-8",
        "bytes: lone surrogates",
        "bytes: overlong",
        "html: address of dots",
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
