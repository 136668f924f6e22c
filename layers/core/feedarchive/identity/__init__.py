"""Identity, version 1: which entries are the same article. Frozen: a change is version 2."""

IDENTITY_VERSION = 1
