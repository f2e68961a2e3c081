"""The databases of applications."""
