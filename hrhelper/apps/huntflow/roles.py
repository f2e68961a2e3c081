"""Who may do what with Huntflow; candidates' data are not for everybody."""

from apps.accounts.roles import Role

RECRUITERS = (Role.ADMINISTRATOR, Role.RECRUITER)
