"""Parom carries a Django application and its database to the next release, and back."""

__version__ = "0.1.0"
