"""Addresses below the release that is checked, and nowhere else."""

from __future__ import annotations


def url_of(base_url: str, path: str) -> str:
    """The address of a path. The host never changes, whatever the path looks like.

    Joining as a browser does would send `//elsewhere/`, and the headers with it, elsewhere.
    """
    return f"{base_url.rstrip('/')}/{path.lstrip('/')}"
