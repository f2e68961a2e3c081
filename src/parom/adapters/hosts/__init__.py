"""Machines on which commands run."""
