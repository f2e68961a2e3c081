"""Who may do what to which environment (R-10.1). Pure: who asks is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EVERYBODY = "*"


@dataclass(frozen=True)
class Access:
    """Roles and what each environment asks for.

    Without any role there are no rules: whoever the machine lets at the installation may act.
    """

    roles: Mapping[str, tuple[str, ...]]
    """Role -> names of users; "*" is everybody."""
    deploy: Mapping[str, tuple[str, ...]]
    """Environment -> the roles that may change it; "*" is any of them."""
    override: tuple[str, ...]
    """The roles that may deploy in avoided hours."""
    approve: Mapping[str, tuple[str, ...]]
    """Environment -> the roles of which a second person must approve a deployment; an
    environment that is not named needs no approval."""

    @property
    def has_rules(self) -> bool:
        return bool(self.roles)

    def roles_of(self, who: str) -> frozenset[str]:
        return frozenset(
            role for role, people in self.roles.items() if who in people or EVERYBODY in people
        )

    def may_change(self, who: str, environment: str) -> bool:
        """Deploy, roll back, switch maintenance: whatever changes the installation."""
        return not self.has_rules or self._has(who, self.deploy.get(environment, ()))

    def may_override(self, who: str) -> bool:
        return not self.has_rules or self._has(who, self.override)

    def approvers(self, environment: str) -> tuple[str, ...]:
        """The roles that approve; empty where nobody needs to."""
        return tuple(self.approve.get(environment, ())) if self.has_rules else ()

    def may_approve(self, who: str, environment: str, asked_by: str) -> bool:
        """Somebody else than who asked: four eyes."""
        return who != asked_by and self._has(who, self.approvers(environment))

    def _has(self, who: str, roles: tuple[str, ...]) -> bool:
        mine = self.roles_of(who)
        return bool(mine) if EVERYBODY in roles else bool(mine & set(roles))
