"""Turn the bytes of a feed document into articles, in a separate process with limits on CPU time and memory."""
