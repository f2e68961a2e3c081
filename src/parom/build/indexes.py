"""Where packages come from on this machine, as its own settings say.

uv reads its own configuration but not pip's. Many machines only have pip's: what it says
is handed to uv, unless uv has been told something itself.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

_UV_SETS_INDEXES = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"),
    *("UV_FIND_LINKS", "UV_NO_INDEX", "UV_CONFIG_FILE"),
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = "SSL_CERT_FILE"
_OPTIONS = ("index-url", "extra-index-url", "find-links", "no-index", "cert", "trusted-host")


def package_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Variables for uv: proxies as they are, and pip's indexes where uv has none."""
    proxies = {name: value for name, value in environ.items() if name.upper() in _PROXIES}
    if any(name in environ for name in _UV_SETS_INDEXES) or _uv_is_configured(environ, home):
        return proxies
    return proxies | _for_uv(pip_settings(environ, home), environ)


def pip_settings(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """pip's settings from its files and variables; later ones win, as in pip."""
    settings: dict[str, str] = {}
    for file in _pip_files(environ, home):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip would stop at it; a team that does not use pip here need not
        for section in ("global", "install"):
            if parser.has_section(section):
                settings |= {name.replace("_", "-"): value for name, value in parser.items(section)}
    for option in _OPTIONS:
        variable = "PIP_" + option.upper().replace("-", "_")
        if variable in environ:
            settings[option] = environ[variable]
    return {name: value.strip() for name, value in settings.items() if name in _OPTIONS}


def _pip_files(environ: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == "/dev/null":
        return ()
    configuration = Path(environ.get("XDG_CONFIG_HOME", home / ".config"))
    files = [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        home / ".pip" / "pip.conf",
        configuration / "pip" / "pip.conf",
    ]
    return (*files, Path(named)) if named else tuple(files)


def _uv_is_configured(environ: Mapping[str, str], home: Path) -> bool:
    configuration = Path(environ.get("XDG_CONFIG_HOME", home / ".config"))
    return (configuration / "uv" / "uv.toml").exists() or Path("/etc/uv/uv.toml").exists()


def _for_uv(pip: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    variables: dict[str, str] = {}
    if pip.get("index-url"):
        variables["UV_DEFAULT_INDEX"] = pip["index-url"]
    if pip.get("extra-index-url"):
        variables["UV_INDEX"] = " ".join(pip["extra-index-url"].split())
        # What pip's setting means: the best version of all indexes, not the first index's.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if pip.get("find-links"):
        variables["UV_FIND_LINKS"] = ",".join(pip["find-links"].split())
    if pip.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        # uv has no variable for `--no-index`; what is meant is that nothing is fetched.
        variables["UV_OFFLINE"] = "1"
    if pip.get("trusted-host"):
        variables["UV_INSECURE_HOST"] = " ".join(pip["trusted-host"].split())
    if pip.get("cert") and _CERTIFICATES not in environ:
        variables[_CERTIFICATES] = pip["cert"]
    return variables
