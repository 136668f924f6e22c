"""Measurements: other programs (peers), AWS costs (cost), recorded feeds (corpus), hostile input, large pages."""
