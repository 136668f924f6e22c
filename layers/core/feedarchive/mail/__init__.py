"""The mail about a day: what it says, as text, as HTML and as a message, and its announcement."""
