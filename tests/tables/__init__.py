"""Tables of articles: one a day, and exports."""
