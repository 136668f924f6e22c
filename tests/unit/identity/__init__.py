"""Article ids: canonical URLs, fingerprints, sites, the public suffix list, and which entries are one article."""
