"""What the local Huntflow answers to a request that got through its gate."""

import re
from itertools import islice

from tests.servers.huntflow_rows import WHEN, problem


def answer_of(server, seen):
    """Status and value of a request that got through."""
    for method, pattern, answer in ROUTES:
        match = re.fullmatch(pattern, seen.path)
        if method == seen.method and match:
            return answer(server, seen, *(int(one) for one in match.groups()))
    return 404, problem("not_found", "no such address")


def _me(server, seen):
    return 200, {"id": 1, "name": "Olga", "email": "o@example.org", "locale": "ru_RU"}


def _accounts(server, seen):
    return 200, {"items": server.accounts}


def _tags(server, seen, number):
    return 200, {"items": server.tags}


def _statuses(server, seen, number):
    return 200, {"items": list(server.statuses.values())}


def _vacancies(server, seen, number):
    return page_of(server, server.vacancies, seen.query, 100)


def _applicants(server, seen, number):
    server.page_read()
    return page_of(server, server.applicants, seen.query, 30)


def _vacancy(server, seen, number, wanted):
    return one_of(server.vacancies, wanted)


def _applicant(server, seen, number, wanted):
    return one_of(server.applicants, wanted)


def _change_status(server, seen, number, wanted):
    if wanted not in server.applicants or seen.body["status"] not in server.statuses:
        return 400, problem("bad_request", "no such applicant or status")
    links = server.applicants[wanted]["links"]
    link = next((one for one in links if one["vacancy"] == seen.body["vacancy"]), None)
    if link is None:
        return 400, problem("bad_request", "not on this vacancy")
    link |= {"status": seen.body["status"], "changed": WHEN}
    return 200, {"id": link["id"], "changed": WHEN, "vacancy": link["vacancy"],
                 "status": link["status"]}  # fmt: skip


def _replace_tags(server, seen, number, wanted):
    if wanted not in server.applicants:
        return 404, problem("not_found", "no such applicant")
    given = seen.body["tags"]
    server.applicants[wanted]["tags"] = [{"id": one, "tag": one} for one in given]
    return 200, {"tags": given}


def _search(server, seen, number):
    """With a cursor nothing else counts: it holds the whole search."""
    cursor = seen.query.get("next_page_cursor")
    text, count, start = server._cursors.pop(cursor) if cursor else (
        seen.query.get("q", ""), int(seen.query.get("count", 30)), 0)  # fmt: skip
    found = [one for one in server.applicants.values() if text in one["last_name"]]
    more = None
    if start + count < len(found):
        more = f"cursor-{start + count}-{len(server.seen)}"
        server._cursors[more] = (text, count, start + count)
    items = [
        {name: value for name, value in one.items() if name in SEARCHED}
        for one in found[start : start + count]
    ]
    return 200, {"items": items} | ({"next_page_cursor": more} if more else {})


SEARCHED = (
    "id",
    "first_name",
    "last_name",
    "birthday",
    "phone",
    "email",
    "money",
    "position",
    "created",
)
ROUTES = (
    ("GET", "/v2/me", _me),
    ("GET", "/v2/accounts", _accounts),
    ("GET", r"/v2/accounts/(\d+)/tags", _tags),
    ("GET", r"/v2/accounts/(\d+)/vacancies/statuses", _statuses),
    ("GET", r"/v2/accounts/(\d+)/vacancies", _vacancies),
    ("GET", r"/v2/accounts/(\d+)/vacancies/(\d+)", _vacancy),
    ("GET", r"/v2/accounts/(\d+)/applicants", _applicants),
    ("GET", r"/v2/accounts/(\d+)/applicants/search_by_cursor", _search),
    ("GET", r"/v2/accounts/(\d+)/applicants/(\d+)", _applicant),
    ("PUT", r"/v2/accounts/(\d+)/applicants/(\d+)/vacancy", _change_status),
    ("POST", r"/v2/accounts/(\d+)/applicants/(\d+)/tags", _replace_tags),
)


def page_of(server, rows, query, most):
    number, count = int(query.get("page", 1)), int(query.get("count", 30))
    if not 1 <= count <= most or number < 1:
        return 400, problem("bad_request", "no such page")
    items = [
        row for row in islice(rows.values(), (number - 1) * count, number * count)
        if row["id"] not in server.hidden
    ]  # fmt: skip
    return 200, {"page": number, "count": count, "total_pages": -(-len(rows) // count),
                 "total_items": len(rows), "items": items}  # fmt: skip


def one_of(rows, wanted):
    return (200, rows[wanted]) if wanted in rows else (404, problem("not_found", "no such row"))
