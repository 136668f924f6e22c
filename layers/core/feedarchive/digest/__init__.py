"""Digests: the index of each day, a pure function of the files in its folder."""
