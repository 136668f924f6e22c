"""Decide which entries are the same article.

The rules must never change, because the ids of archived articles depend on them.
"""

IDENTITY_VERSION = 1
