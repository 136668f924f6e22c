"""The health of a feed, from its polling state."""
