"""The application's settings, on a copy of its data and away from whom it would tell or ask."""

import json
import os
from importlib import import_module

import parom_trial_guard

parom_trial_guard.stand()
_LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_READ_ONLY = {
    "postgresql": ("options", "-c default_transaction_read_only=on"),
    "mysql": ("init_command", "SET SESSION TRANSACTION READ ONLY"),
}
_BROKERS = {
    "CELERY_BROKER_URL": "memory://",
    "BROKER_URL": "memory://",
    "CELERY_RESULT_BACKEND": "cache+memory://",
}
_notes, _media = os.environ["PAROM_TRIAL_NOTES"], os.environ["PAROM_TRIAL_MEDIA"]
_database = os.environ["PAROM_TRIAL_DATABASE"]
_guard = json.loads(os.environ["PAROM_TRIAL_GUARD"])


def rehearsed(original):
    """The settings of `original` by name, with what would reach the production replaced."""
    found = {name: getattr(original, name) for name in dir(original) if name.isupper()}
    found["DATABASES"] = databases(found["DATABASES"])
    found["CACHES"] = {
        alias: {
            **{name: value for name, value in one.items() if name != "OPTIONS"},
            "BACKEND": _LOCAL_MEMORY,
            "LOCATION": "parom-" + alias,
        }
        for alias, one in {"default": {}, **found.get("CACHES", {})}.items()
    }
    found["EMAIL_BACKEND"] = "django.core.mail.backends.dummy.EmailBackend"
    for name, harmless in _BROKERS.items():
        # An application that says by an empty value that it has none goes by that.
        if found.get(name, "by default"):
            found[name] = harmless
    found["MEDIA_ROOT"] = restored(found.get("MEDIA_ROOT") or "")
    if "STORAGES" in found:
        found["STORAGES"] = {alias: storage(one) for alias, one in found["STORAGES"].items()}
    if isinstance(found.get("LOGGING"), dict):
        found["LOGGING"] = logging(found["LOGGING"])
    return found


def databases(known):
    default = known["default"]
    return {
        alias: {**one, "NAME": _database} if alias == "default" else further(alias, one, default)
        for alias, one in known.items()
    }


def further(alias, one, default):
    """A database beside the default one: nobody has copied it, so that it is only read."""
    engine = one.get("ENGINE", "").rpartition(".")[2]
    options = dict(one.get("OPTIONS", {}))
    if engine != "sqlite3" and all(
        str(one.get(key) or "") == str(default.get(key) or "") for key in ("NAME", "HOST", "PORT")
    ):
        return {**one, "NAME": _database}
    if engine in _READ_ONLY:
        name, value = _READ_ONLY[engine]
        options[name] = (options.get(name, "") + " " + value).strip()
        if engine == "mysql":
            options[name] = value
        return {**one, "OPTIONS": options}
    if engine != "sqlite3":
        return one
    file, _ = parom_trial_guard.opened(str(one.get("NAME") or ""))
    if not file:
        return one
    if file == parom_trial_guard.opened(str(default["NAME"]))[0]:
        return {**one, "NAME": _database}
    if not os.path.exists(file):
        return {**one, "NAME": os.path.join(_notes, alias + ".sqlite3")}
    parom_trial_guard.read_only.add(file)
    for name in ("init_command", "transaction_mode"):
        options.pop(name, None)
    from urllib.parse import quote

    return {**one, "NAME": "file:" + quote(file) + "?mode=ro", "OPTIONS": options}


def restored(folder):
    """Where the backup's copy of a media folder lies; an empty one where there is none."""
    real = os.path.realpath(folder) if folder else ""
    for production, copy in sorted(_guard["media"].items(), reverse=True):
        if real and parom_trial_guard.within(real, production):
            return os.path.normpath(os.path.join(copy, os.path.relpath(real, production)))
    return _media


def storage(one):
    """A storage of files in the installation's folder; others are left as they are."""
    options = one.get("OPTIONS", {})
    place = str(options.get("location") or "") if isinstance(options, dict) else ""
    if not place or not parom_trial_guard.within(os.path.realpath(place), _guard["root"]):
        return one
    return {**one, "OPTIONS": {**options, "location": restored(place)}}


def logging(known):
    """Files of the log go beside the rehearsal's own."""
    handlers = {
        name: {**one, "filename": os.path.join(_notes, os.path.basename(str(one["filename"])))}
        if isinstance(one, dict) and "filename" in one
        else one
        for name, one in known.get("handlers", {}).items()
    }
    return {**known, "handlers": handlers}


globals().update(rehearsed(import_module(os.environ["PAROM_TRIAL_ORIGINAL"])))
parom_trial_guard.leave_note("settings", {"pid": os.getpid()})
