"""Parom beside the old shell plan, on the same data, in one run."""
