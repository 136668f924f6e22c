"""Time stamps (RFC 3161): an authority signs that the newest record of the chain existed at a certain time."""
