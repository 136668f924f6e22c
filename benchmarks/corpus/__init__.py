"""Measurements on recorded feed documents, and of single steps: fetching, parser processes, a large day."""
