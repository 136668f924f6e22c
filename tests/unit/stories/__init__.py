"""The pages: names, bodies, records."""
