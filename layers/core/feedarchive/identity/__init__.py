"""Decide which entries are the same article. The rules are frozen: a changed rule would be a new identity version."""

IDENTITY_VERSION = 1
