"""The announcement of a day, and its mail: the contents, and their forms as text, as HTML and as a message."""
