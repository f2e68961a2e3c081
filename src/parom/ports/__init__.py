"""What Parom needs of the world, one narrow interface each.

Every method that changes something may be called twice: it looks first, and a second
call finds its work done. Sizes are bytes, durations seconds. What cannot be done
raises `ParomError`; nothing else is part of a contract.
"""

from parom.ports.clock import Clock
from parom.ports.database import Database
from parom.ports.gateway import Gateway
from parom.ports.host import Begun, Host
from parom.ports.layout import Layout
from parom.ports.live_rows import LiveRows
from parom.ports.notifier import Notifier
from parom.ports.openings import Openings
from parom.ports.progress import Progress
from parom.ports.services import Services
from parom.ports.source import Source
from parom.ports.trial import Trial
from parom.ports.vault import Vault

__all__ = [
    "Begun",
    "Clock",
    "Database",
    "Gateway",
    "Host",
    "Layout",
    "LiveRows",
    "Notifier",
    "Openings",
    "Progress",
    "Services",
    "Source",
    "Trial",
    "Vault",
]
