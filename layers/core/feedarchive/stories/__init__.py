"""Find the articles of one day that different sites published about one event. Pure."""
