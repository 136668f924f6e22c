"""Make the digests: ``digest.json`` and ``digest.md`` in the folder of each day, and the index of all days.

A digest lists the files that were archived on the day. It is made only from the files in the day's folder and from the
old digest, whose entries of lost files are kept. So every build of the same archive gives the same bytes.
"""
