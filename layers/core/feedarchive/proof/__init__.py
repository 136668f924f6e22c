"""The chain of hashes, which shows whether an archived file was changed later. docs/proof.md explains it.

Each day has a list of its files with their hashes. The day record in ``days/`` contains the hash of this list and the
hash of the previous day record. To hide a change of a file, somebody would have to change its day record and all
later day records.
"""
