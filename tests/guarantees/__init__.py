"""The guarantees of the README: every test tries to break one of them."""
