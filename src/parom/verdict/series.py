"""One thing that is looked at again and again."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.samples import Checked, CheckKind, LogLooked, PageLoaded, Probed, Sample

PROBE, PAGE, USE, LOG = "probe", "page", "use", "log"


@dataclass(frozen=True)
class Series:
    """Samples of one kind with one name, in the order of their time."""

    kind: str
    """`probe`, `page`, `use`, `log`, or a `CheckKind`."""
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" if self.name else self.kind


RESOURCES = Series(USE, "")
DATABASE = Series(CheckKind.DATABASE, "")


def series_of(sample: Sample) -> Series:
    """The series that a sample belongs to."""
    match sample:
        case Probed(name):
            return Series(PROBE, name)
        case PageLoaded(name):
            return Series(PAGE, name)
        case LogLooked(name):
            return Series(LOG, name)
        case Checked(kind, name):
            return Series(kind, name)
    return RESOURCES
