"""Announce a day that is over: the contents of the mail, and the mail as text, as HTML and as an Internet message."""
