"""Tests and their fixtures.

One import rule for tests and benchmarks: absolute imports from the root of the repository, which pytest, mypy and
``python -m`` have on their path (``from tests.harness.clock import Clock``). Only the modules of an AWS function are
imported as Lambda does it, from their own folder (``tests/functions/conftest.py``).
"""
