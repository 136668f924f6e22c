"""Check an archive or a copy: files against digests, digests against the index, claims, and the chain. Repair it."""
