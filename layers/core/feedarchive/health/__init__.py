"""Find out how well each feed works: which feeds fail, since when and why, and what a person can do about it."""
