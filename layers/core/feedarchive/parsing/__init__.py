"""Parsing: from a document's bytes to articles, in a separate process with limits on CPU time and memory."""
