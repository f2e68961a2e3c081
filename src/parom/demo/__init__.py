"""The demonstration: HR Helper in production, under load, over to r2 and back from r3."""
