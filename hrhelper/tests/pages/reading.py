"""Which pages there are, and what a person reads on one."""

import re

FOR_ALL = ("/", "/vacancies/{vacancy}/", "/salaries/")
FOR_RECRUITERS = (
    "/candidates/",
    "/candidates/{applicant}/",
    "/candidates/sync/",
    "/analyses/",
    "/analyses/{analysis}/",
    "/vacancies/{vacancy}/analysis/",
)


def text_of(answer, status=200):
    """What a person reads, without the tags."""
    assert answer.status_code == status, answer.content
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
