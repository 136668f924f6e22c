"""The pages of a digest in a real Chromium: layout, accessibility, hostile titles, links, no requests."""
