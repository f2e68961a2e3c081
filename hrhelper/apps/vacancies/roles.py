"""Who may change vacancies and interviewers; every role may read them."""

from apps.accounts.roles import Role

RECRUITING_WRITERS = (Role.ADMINISTRATOR, Role.RECRUITER)
