"""The announcement of a day, and damaged digest.json and index.json files."""
