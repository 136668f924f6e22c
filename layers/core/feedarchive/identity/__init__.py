"""Which entries are the same article. Frozen: any change to these rules is a new identity version."""

IDENTITY_VERSION = 1
