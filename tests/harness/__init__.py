"""What tests of several packages share: a clock, servers on loopback, failing stores, generated feeds, a local AWS."""
