"""Get time stamps (RFC 3161) for the records of days.

A record (``days/2025-12-25.json``) has hashes of the day's files. With a time stamp, an authority on the Internet signs
that this record existed at a certain time.
"""
