"""The mail: what it says, text, HTML and message."""
