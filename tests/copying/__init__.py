"""Tests of copies, and of the checks of copies."""
