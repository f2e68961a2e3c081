"""The environment of a release."""
