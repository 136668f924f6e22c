"""Compare feedarchive with other programs: ``make bench``."""
