"""Settings of django-allauth: Google is its only way in, and the e-mail address proves nothing."""

from typing import Any

PROVIDER = "google"


def providers(client_id: str, secret: str, issuer: str) -> dict[str, Any]:
    """Google as an OpenID provider, with PKCE; none where this application is not known to it."""
    if not client_id:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": "Google",
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "server_url": issuer,
            "oauth_pkce_enabled": True,
            "scope": ["openid", "email", "profile"],
        },
    }
    return {"openid_connect": {"APPS": [app]}}
