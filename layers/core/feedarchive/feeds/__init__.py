"""The subscriptions: which feeds, and what a user wants of each."""
