"""Collects what is seen of a running release. `parom.verdict` judges it."""
