"""Make the digests: ``digest.json`` and ``digest.md`` in the folder of each day, and the index of all days.

A digest lists the files that were archived on the day. Lost files stay in the digest. Every build of the same archive
gives the same bytes.
"""
