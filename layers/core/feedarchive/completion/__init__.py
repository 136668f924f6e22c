"""What else is kept of an article after it was archived: the text of its page, its pictures. Done by jobs, later."""
