"""The chain of hashes: what each day's record in ``days/`` commits to. docs/proof.md describes it for readers."""
