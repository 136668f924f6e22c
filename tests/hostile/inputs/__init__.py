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

# As large as a document may be (10 MB), only a limit ends these: what they cost is linear, and still too much. The other
# inputs end by themselves.
NEED_A_DEADLINE = frozenset(())
