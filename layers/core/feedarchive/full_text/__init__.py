"""Full texts: what an article's page says beyond the feed's own text."""
