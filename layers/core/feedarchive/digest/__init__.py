"""Make the digests: ``digest.json`` and ``digest.md`` in the folder of each day, and the index of all days.

A digest lists the files that were archived on the day. It is made only from the files in the day's folder, so every
build of the same folder gives the same bytes. If a file is lost, its entry in the digest is kept.
"""
