"""One module at a time, without a network, a clock or AWS."""
