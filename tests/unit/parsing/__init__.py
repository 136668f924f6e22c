"""The parser processes: requests, results, documents that are too expensive."""
