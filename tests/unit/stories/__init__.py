"""Stories: articles of several sites about one event."""
