"""The archive itself: what makes a folder or bucket one, claims, and writing every article once."""
