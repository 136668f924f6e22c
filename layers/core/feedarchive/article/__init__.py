"""Convert an entry of a feed to an article, and an article to the bytes and the name of its file."""
