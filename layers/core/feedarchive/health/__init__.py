"""The health of every feed: what fails, since when and why, and what a person can do about it."""
