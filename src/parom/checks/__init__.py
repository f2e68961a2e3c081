"""Checks of a running release from outside: endpoints, health, functional checks."""
