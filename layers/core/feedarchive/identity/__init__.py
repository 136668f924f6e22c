"""Decide which entries are the same article.

The rules must never change, because the ids of archived articles depend on them. Other rules would need a new identity
version.
"""

IDENTITY_VERSION = 1
