"""The chain of hashes, which shows whether an archived file was changed later. docs/proof.md explains it.

Each day has a list of its files with their hashes. The day record in ``days/`` contains the hash of this list and the
hash of the record before it. So the hash of one record fixes all files of this day and of all days before it. The chain
"commits to" a file if a record fixes it in this way.
"""
