"""Who may change salaries, rates and taxes; every role may read them and calculate."""

from apps.accounts.roles import Role

FINANCE_WRITERS = (Role.ADMINISTRATOR, Role.FINANCE)
