"""The feeds file: what is allowed in it, and how mistakes are reported."""
