"""Write to the mirror. Each function may be called twice with the same: then it changes nothing.

The caller holds the transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from apps.huntflow.models import Account, Applicant, Link
from logic.huntflow.records import ApplicantRecord, Record

RecordType = TypeVar("RecordType", bound=Record)
NO_ACCOUNT: dict[str, Any] = {}
KEPT_OF_A_TOMBSTONE = {"id", "external_id", "account", "payload_hash", "removed_at", "updated_at"}
EMPTIED = {
    field.name: field.get_default()
    for field in Applicant._meta.concrete_fields
    if field.name not in KEPT_OF_A_TOMBSTONE
}
# So many ids are named in one query; SQLite has an upper limit.
IDS_A_QUERY = 500


def put(
    model: type[Model], scope: dict[str, Any], records: Sequence[RecordType]
) -> list[RecordType]:
    """Write the records whose hash differs from the mirror's; which those were."""
    wanted = {one.external_id: one for one in records}
    rows = model.objects.filter(**scope, external_id__in=wanted, removed_at=None)
    known = dict(rows.values_list("external_id", "payload_hash"))
    changed = [one for one in wanted.values() if known.get(one.external_id) != one.digest()]
    if changed:
        columns = {*changed[0].columns(), "payload_hash", "removed_at", "updated_at"}
        model.objects.bulk_create(
            [model(**scope, **one.columns(), payload_hash=one.digest()) for one in changed],
            update_conflicts=True,
            unique_fields=[*scope, "external_id"],
            update_fields=sorted(columns - {"external_id"}),
        )
    return changed


def put_applicants(account: Account, records: Sequence[ApplicantRecord]) -> int:
    """Applicants with their links to vacancies; how many differed."""
    changed = put(Applicant, {"account": account}, records)
    ids = [one.external_id for one in changed]
    rows = Applicant.objects.filter(account=account, external_id__in=ids)
    keys = dict(rows.values_list("external_id", "id"))
    Link.objects.filter(applicant__in=keys.values()).delete()
    Link.objects.bulk_create(
        Link(applicant_id=keys[one.external_id], **asdict(link))
        for one in changed
        for link in one.links
    )
    return len(changed)


def present_ids(model: type[Model], scope: dict[str, Any]) -> set[int]:
    """Huntflow's ids of all rows that are no tombstones."""
    found = model.objects.filter(**scope, removed_at=None)
    return set(found.values_list("external_id", flat=True))


def entomb(model: type[Model], scope: dict[str, Any], ids: Collection[int]) -> int:
    """Mark what has vanished; how many. Of a candidate nothing is kept but the id."""
    emptied = EMPTIED if model is Applicant else {}
    now = timezone.now()
    count = 0
    for some in _portions(sorted(ids)):
        rows = model.objects.filter(**scope, external_id__in=some, removed_at=None)
        if model is Applicant:
            Link.objects.filter(applicant__in=rows).delete()
        count += rows.update(removed_at=now, updated_at=now, payload_hash="", **emptied)
    return count


def forget_hash(applicant: Applicant) -> None:
    """After a change that was made from here: the next sync writes the row whatever it finds."""
    Applicant.objects.filter(pk=applicant.pk).update(payload_hash="", updated_at=timezone.now())


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + IDS_A_QUERY] for start in range(0, len(ids), IDS_A_QUERY))
