"""Poll feeds: decide which feeds are due, fetch them over HTTP, and keep their states for the next poll."""
