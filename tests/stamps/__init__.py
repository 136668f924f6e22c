"""Tests of time stamps, with an authority made by openssl."""
