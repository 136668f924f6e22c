"""A few seconds of ``python -m tests.hostile.fuzz``, with the same inputs each time."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz import check
from tests.hostile.mutated import bodies, content_types


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(bodies, content_types, st.booleans())
def test_the_files_of_mutated_feeds_conform_to_the_format(body: bytes, content_type: str, html_body: bool) -> None:
    check(body, content_type, html_body)
