"""Feed documents as they were received: how they are kept, read by other tools, repaired, copied and replayed."""
