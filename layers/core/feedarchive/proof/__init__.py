"""The chain of hashes, which shows whether an archived file was changed later. docs/proof.md explains it.

Each day has a list of its files with their hashes. The day record in ``days/`` contains the hash of this list and the
hash of the record before it. So if a file of this day or of an earlier day were changed, the hash of the record would
change. The chain "commits to" a file if the hash of a record depends on the file in this way.
"""
