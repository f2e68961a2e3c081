"""Encrypted backups."""
