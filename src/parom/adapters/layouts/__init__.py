"""How releases lie on disk."""
