"""What is examined: a configuration, its installation, and what was found out on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from parom.adapters.sources.git import GitSource
from parom.config.model import Config
from parom.errors import ParomError
from parom.facts import ProjectFacts, SourceRevision
from parom.steps.step import Installation
from parom.wiring import installation_of


@dataclass
class Patient:
    """`scratch` is a temporary folder; nothing is written anywhere else."""

    config: Config
    scratch: Path
    revision: SourceRevision | None = None
    """What `source.ref` means now; None while it is not known."""
    tree: Path | None = None
    """The source's tree at that revision; None where it could not be had."""
    problems: list[str] = field(default_factory=list)

    @cached_property
    def installation(self) -> Installation:
        return installation_of(self.config)

    @cached_property
    def current(self) -> str | None:
        """The release that is installed. Raises `layout.foreign-current`."""
        return self.installation.layout.current()

    @cached_property
    def project(self) -> ProjectFacts | None:
        """What the installed release says about itself; None where none is installed or its
        environment is missing. Raises `application.does-not-load` and its like."""
        if self.current is None:
            return None
        release = self.installation.layout.path_of(self.current)
        if not (release / ".venv" / "bin" / "python").exists():
            return None
        return self.installation.application(release, {}).project()

    @property
    def is_installed(self) -> bool:
        try:
            return self.current is not None
        except ParomError:
            return True

    def git_source(self) -> GitSource:
        """The source with a mirror that is thrown away."""
        source = self.config.source
        cache = self.scratch / "source.git"
        return GitSource(source.location, source.subfolder, self.installation.host, cache)
