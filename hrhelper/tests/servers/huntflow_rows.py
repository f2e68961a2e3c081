"""What the local Huntflow holds, and how it words an error.

Huntflow's description knows no null; what has no value is left out here. The real one does send
nulls, which tests/huntflow/test_records.py is about.
"""

WHEN = "2026-01-05T10:00:00+03:00"
ACCOUNT = 7


def problem(kind, detail):
    return {"errors": [{"type": kind, "title": kind.replace("_", " ").title(), "detail": detail}]}


def account(number):
    return {"id": number, "name": f"Team {number}", "nick": f"team{number}", "member_type": "owner"}


def status(number, order):
    return {"id": number, "type": "user", "name": f"stage {number}", "order": order}


def vacancy(number):
    return {
        "id": number, "position": f"Position {number}", "company": "Team", "money": "$1",
        "state": "OPEN", "hidden": False, "priority": number % 2, "created": WHEN, "files": [],
    }  # fmt: skip


def applicant(number):
    link = {
        "id": number, "status": 1, "updated": WHEN, "changed": WHEN, "vacancy": number % 5 + 1,
    }  # fmt: skip
    return {
        "id": number, "account": ACCOUNT, "first_name": "Иван",
        "last_name": f"Candidate-canary-{number}", "phone": f"+375 29 {number:07}",
        "email": f"canary{number}@example.org", "money": "1000", "position": "Developer",
        "birthday": "1990-01-01", "created": WHEN, "tags": [{"id": 1, "tag": 1}],
        "links": [link], "external": [], "doubles": [], "social": [],
    }  # fmt: skip
