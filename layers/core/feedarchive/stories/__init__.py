"""Find stories: groups of articles that different sites published on one day about the same event. Pure functions."""
