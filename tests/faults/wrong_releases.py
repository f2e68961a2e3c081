"""Releases that are wrong in one way each, and where that is found."""

from __future__ import annotations

from tests.faults.scene import Scene

_IN_PRODUCTION = (
    "not any(one in str(editor.connection.settings_dict['NAME'])"
    " for one in ('scratch', 'rehearsal'))"
)
"""A copy's file lies in a folder `scratch`; a server's copy is called a rehearsal."""


def migration_fails_in_production(scene: Scene) -> None:
    scene.source(2, fill=f"if {_IN_PRODUCTION}: raise RuntimeError('half-way')")
    scene.parom("deploy", codes=(20,), says="half-way")
    scene.at_rest(1)


def migration_fails_half_way(scene: Scene) -> None:
    """Not atomic: the columns are changed already when it fails."""
    scene.source(2, atomic="False", fill=f"if {_IN_PRODUCTION}: raise RuntimeError('half-way')")
    scene.parom("deploy", codes=(20,), says="half-way")
    scene.at_rest(1)
    scene.next_works()


def migration_fails_in_rehearsal(scene: Scene) -> None:
    scene.source(2, fill="raise RuntimeError('half-way')")
    scene.parom("deploy", codes=(10,), says="half-way")
    scene.at_rest(1)


def cannot_be_imported(scene: Scene) -> None:
    scene.source(2, wsgi="import nowhere_to_be_found\n")
    scene.parom("deploy", codes=(10,), says="nowhere_to_be_found")
    scene.at_rest(1)


def settings_raise(scene: Scene) -> None:
    scene.source(2, settings="raise RuntimeError('no settings today')")
    scene.parom("deploy", codes=(10,), says="no settings today")
    scene.at_rest(1)


def dependency_missing(scene: Scene) -> None:
    scene.source(2, settings="INSTALLED_APPS += ['not_installed_at_all']")
    scene.parom("deploy", codes=(10,), says="not_installed_at_all")
    scene.at_rest(1)


def never_healthy(scene: Scene) -> None:
    scene.source(2, health="return JsonResponse({}, status=503)")
    with scene.slot.ferry.impatient():
        scene.parom("deploy", codes=(10,), says="HTTP 503")
    scene.at_rest(1)


def healthy_in_rehearsal_only(scene: Scene) -> None:
    health = (
        "from django.conf import settings\n"
        "    if 'scratch' not in str(settings.DATABASES['default']['NAME']): "
        "return JsonResponse({}, status=503)"
    )
    scene.source(2, health=health)
    with scene.slot.ferry.impatient():
        scene.parom("deploy", codes=(20,), says="HTTP 503")
    scene.at_rest(1)


def starts_in_rehearsal_only(scene: Scene) -> None:
    wsgi = "import os\nif 'PAROM_TRIAL_DATABASE' not in os.environ: raise SystemExit(3)\n"
    scene.source(2, wsgi=wsgi)
    scene.parom("deploy", codes=(20,), says="[services.not-started]")
    scene.at_rest(1)
