"""Everything that a running release must show, and the step that asks for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from parom.appside.masked import without
from parom.checks.endpoints import check_endpoints, check_operations, read_openapi
from parom.checks.functional import FunctionalChecks
from parom.checks.headers import read_headers
from parom.checks.health import wait_until_healthy
from parom.checks.result import CheckResult
from parom.errors import release as errors
from parom.facts import PrivateInstance
from parom.steps.documented import known_operations, note_operations
from parom.steps.instance import instance_of
from parom.steps.known_secrets import secrets_of
from parom.steps.step import Context, Data, Plain
from parom.steps.strangers import refuse_strangers
from parom.words.said import joined, said


@dataclass(frozen=True)
class Verified:
    """What a release has shown."""

    passed: tuple[str, ...]
    """Each check with what was seen."""
    functions: tuple[str, ...]
    """The functional checks among them, by name."""


def headers_of(context: Context) -> dict[str, str]:
    """The configured headers and the bypass; secrets, so never told to the journal."""
    config = context.installation.config
    named = config.checks.headers_file
    given = read_headers(config.project.root / named) if named else {}
    return {**given, **context.installation.gateway.bypass_headers()}


def verify_instance(
    context: Context,
    instance: PrivateInstance,
    where: str,
    release_id: str,
    functional: FunctionalChecks | None = None,
    *,
    anew: bool = False,
) -> Verified:
    """Health, then side by side endpoints, those of the OpenAPI document and functional checks.

    The document is read where it was not before, or `anew`. Raises `checks.failed` with all
    that failed.
    """
    checks = context.installation.config.checks
    limit = context.installation.config.watch.probe_limit_s
    headers = headers_of(context)
    url = instance.base_url
    results = [wait_until_healthy(url, checks.health, headers, checks.health_limit_s)]
    functions: list[CheckResult] = []
    if results[0].passed:
        with ThreadPoolExecutor(max_workers=1) as beside:
            running = (
                beside.submit(functional.run, url, headers, checks.functional_limit_s)
                if functional
                else None
            )
            results += check_endpoints(url, checks.endpoints, headers, limit)
            if checks.openapi:
                named = () if anew else known_operations(context, release_id)
                if not named:
                    read, named = read_openapi(url, checks.openapi, headers, limit)
                    results.append(read)
                    if read.passed:
                        note_operations(context, release_id, named)
                # One that is listed was asked, and had to answer with less than 400.
                unasked = [one for one in named if one.path not in checks.endpoints]
                results += check_operations(url, unasked, headers, limit)
            functions += running.result() if running else ()
    known = secrets_of(context.installation.config, headers)
    shown = [replace(one, detail=without(one.detail, known)) for one in (*results, *functions)]
    passed = _judged(context, shown, where)
    return Verified(tuple(passed), tuple(one.name for one in functions))


def loaded_checks(context: Context, release: Path) -> FunctionalChecks | None:
    """The functional checks of a release's own tree, loaded; None where there are none."""
    config = context.installation.config
    if not config.checks.functional:
        return None
    if context.functional is None:
        folder = release / config.project_folder / config.checks.functional
        context.functional = FunctionalChecks(folder, context.installation.host)
        context.functional.load()
    return context.functional


def abandon_checks(context: Context) -> None:
    """End checks that were loaded and are not to run."""
    if context.functional is not None:
        context.functional.abandon()
        context.functional = None


class CheckPrivate(Plain):
    name = "checks.private"

    def run(self, context: Context) -> Data:
        """All checks while the public still waits; then the capture begins with nothing noted.

        The capture is cleared here, before workers start and the public comes in: a repeat
        of this step can never forget what they wrote.
        """
        installation = context.installation
        instance = instance_of(context)
        release = installation.layout.path_of(context.plan.release_id)
        functional = loaded_checks(context, release)
        try:
            shown = verify_instance(
                context, instance, "before opening", context.plan.release_id, functional
            )
        finally:
            abandon_checks(context)
        context.checkpoint()
        # Asked again: what came since the stop writes what the capture is about to forget.
        refuse_strangers(context)
        if context.results.get("capture.install", {}).get("installed"):
            installation.database.clear_capture()
        return {"passed": list(shown.passed), "functions": list(shown.functions)}


def _judged(context: Context, results: list[CheckResult], where: str) -> list[str]:
    failed = [one for one in results if not one.passed]
    if failed:
        for one in failed:
            context.tell("check-failed", {"name": one.name, "detail": one.detail, "where": where})
        facts = tuple(joined([one.name, one.detail], ": ") for one in failed[:10])
        raise errors.checks_failed(where, facts)
    return [joined([one.name, one.detail or said("passed")], ": ") for one in results]
