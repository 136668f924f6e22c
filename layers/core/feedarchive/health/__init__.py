"""The health of every feed: what fails since when and why, in words a person can act on."""
