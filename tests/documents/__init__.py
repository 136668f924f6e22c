"""Documents as they were served: kept, read by other tools, healed, and replayed."""
