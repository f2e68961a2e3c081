"""What recruiters see of the mirror, and what they change in Huntflow."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role, grant
from apps.huntflow.models import Account, Applicant, SyncJob
from tests.servers import huntflow_rows
from tests.servers.huntflow_rows import ACCOUNT

HUNTFLOW = "/api/v1/huntflow/"


@pytest.fixture
def mirrored(connected):
    call_command("sync_huntflow")
    connected.seen.clear()
    return connected


@pytest.fixture
def one(mirrored):
    return Applicant.objects.get(external_id=1)


def listed(answer):
    assert answer.status_code == 200, answer.content
    return [row["external_id"] for row in answer.json()["results"]]


def error_of(answer, status):
    assert answer.status_code == status, answer.content
    return answer.json()["error"]["code"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("accounts/", [ACCOUNT]),
        ("vacancies/?state=OPEN&account=7", [5, 4, 3, 2, 1]),
        ("vacancies/?account=8", []),
        ("statuses/?account=7", [1, 2, 3]),
        ("applicants/?external_id=12", [12]),
        ("applicants/?page_size=2", [65, 64]),
        ("applicants/?vacancy=5&status=1&page_size=3", [64, 59, 54]),
        ("applicants/?vacancy=5&status=2", []),
        ("applicants/?q=CANARY-12", [12]),
        ("applicants/?q=ИВАН&page_size=1", [65]),
        ("applicants/?q=canary7@", [7]),
    ],
)
def test_lists_are_filtered_by_huntflows_ids(api, mirrored, path, found):
    """The ids that stand in Huntflow's own addresses."""
    assert listed(api.get(HUNTFLOW + path)) == found


def test_two_vacancies_of_one_applicant_are_not_mixed_up(api, connected):
    """At status 2 on vacancy 1 is not at status 2 on vacancy 9."""
    first = connected.applicants[1]["links"][0]
    connected.applicants[1]["links"] = [
        first | {"vacancy": 1, "status": 1},
        first | {"vacancy": 9, "status": 2},
    ]
    call_command("sync_huntflow")
    for vacancy, status, count in ((1, 1, 1), (9, 2, 1), (9, 1, 0)):
        query = {"vacancy": vacancy, "status": status, "external_id": 1}
        assert len(listed(api.get(f"{HUNTFLOW}applicants/", query))) == count


def test_tombstones_are_not_shown(api, mirrored):
    """Whoever was deleted in Huntflow is not to be found here."""
    key = Applicant.objects.get(external_id=65).pk
    del mirrored.applicants[65]
    call_command("sync_huntflow")
    assert listed(api.get(f"{HUNTFLOW}applicants/?page_size=1")) == [64]
    assert api.get(f"{HUNTFLOW}applicants/{key}/").status_code == 404


def test_status_is_changed_in_huntflow_and_shown_at_once(api, connected, one):
    """By a PUT, with what was given and nothing else."""
    body = {"vacancy": 2, "status": 3}
    answer = api.put(f"{HUNTFLOW}applicants/{one.pk}/status/", body, format="json")
    assert answer.status_code == 200
    assert answer.json()["links"] == [{"vacancy": 2, "status": 3, "changed": None}]
    assert connected.seen[-1].body == body
    assert connected.applicants[1]["links"][0]["status"] == 3
    call_command("sync_huntflow")
    (link,) = api.get(f"{HUNTFLOW}applicants/{one.pk}/").json()["links"]
    assert (link["status"], link["changed"] is not None) == (3, True)


def test_change_that_was_undone_in_huntflow_is_undone_here(api, connected, one):
    """The row is as the last sync left it, and yet it must be written."""
    body = {"vacancy": 2, "status": 3}
    api.put(f"{HUNTFLOW}applicants/{one.pk}/status/", body, format="json")
    connected.applicants[1] = huntflow_rows.applicant(1)
    call_command("sync_huntflow")
    assert one.links.get().status == 1


def test_tags_replace_those_of_before(api, connected, one):
    """In Huntflow and here; an empty list takes all away."""
    for tags in ([1, 2], []):
        answer = api.post(f"{HUNTFLOW}applicants/{one.pk}/tags/", {"tags": tags}, format="json")
        assert answer.json() == {"tags": tags}
        assert [tag["tag"] for tag in connected.applicants[1]["tags"]] == tags
        assert api.get(f"{HUNTFLOW}applicants/{one.pk}/").json()["tags"] == tags


def test_what_huntflow_refuses_is_422_with_its_reason(api, one):
    """The recruiter can do something about it."""
    body = {"vacancy": 99, "status": 3}
    answer = api.put(f"{HUNTFLOW}applicants/{one.pk}/status/", body, format="json")
    assert error_of(answer, 422) == "huntflow_refused"
    assert "not on this vacancy" in answer.json()["error"]["message"]
    assert one.links.get().status == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"vacancy": 1}, "status"),
        ({"vacancy": 0, "status": 1}, "vacancy"),
        ({"vacancy": 2**63, "status": 1}, "vacancy"),
        ({"vacancy": 1, "status": 1, "comment": "x" * 65_536}, "comment"),
    ],
)
def test_request_that_huntflow_could_not_take_is_not_sent(api, connected, one, body, field):
    """400 with the field, and no turn used up."""
    answer = api.put(f"{HUNTFLOW}applicants/{one.pk}/status/", body, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["details"]
    assert connected.seen == []


@pytest.mark.parametrize(
    ("faults", "status", "code"),
    [([500] * 4, 502, "huntflow_unreachable"), ([302], 422, "huntflow_refused")],
)
def test_failure_of_huntflow_is_not_ours(api, connected, faults, status, code):
    """502: the request was fine."""
    connected.faults.extend(faults)
    assert error_of(api.post(f"{HUNTFLOW}test-connection/"), status) == code


def test_connection_is_tried_and_told(api, connected):
    """Also whose token it is."""
    answer = api.post(f"{HUNTFLOW}test-connection/")
    assert answer.json() == {"user": "Olga", "accounts": 1}
    connected.access = "another"
    assert error_of(api.post(f"{HUNTFLOW}test-connection/"), 502) == "huntflow_authorization"


def test_tokens_can_be_given_and_never_read(api, huntflow, db):
    """Connected, tried, and forgotten."""
    assert error_of(api.post(f"{HUNTFLOW}test-connection/"), 422) == "missing_credential"
    assert error_of(api.post(f"{HUNTFLOW}sync/"), 422) == "missing_credential"
    tokens = {"access_token": huntflow.access, "refresh_token": huntflow.refresh}
    answer = api.put(f"{HUNTFLOW}connection/", tokens | {"webhook_secret": "s"}, format="json")
    assert answer.json()["is_connected"] is answer.json()["has_webhook_secret"] is True
    assert api.post(f"{HUNTFLOW}test-connection/").status_code == 200
    assert "canary" not in api.get(f"{HUNTFLOW}connection/").content.decode()
    assert api.delete(f"{HUNTFLOW}connection/").status_code == 204
    assert api.get(f"{HUNTFLOW}connection/").json() == {
        "is_connected": False,
        "has_webhook_secret": False,
        "expires_at": None,
    }


def test_missing_key_for_credentials_is_told(api, huntflow, settings):
    """Nothing is stored in the open because there is no key."""
    settings.CREDENTIAL_KEYS = []
    tokens = {"access_token": huntflow.access, "refresh_token": huntflow.refresh}
    assert error_of(api.put(f"{HUNTFLOW}connection/", tokens, format="json"), 422) == (
        "credential_key"
    )


def test_sync_is_asked_for_and_its_progress_read(api, connected):
    """At once a job, and in the background the work."""
    answer = api.post(f"{HUNTFLOW}sync/")
    assert answer.status_code == 202
    job = answer.json()
    assert (job["state"], job["requested_by"], job["stage"]) == ("waiting", "olga", "accounts")
    assert connected.seen == []
    assert api.post(f"{HUNTFLOW}sync/").json()["id"] == job["id"]
    call_command("sync_huntflow")
    done = api.get(f"{HUNTFLOW}sync/{job['id']}/").json()
    assert (done["state"], done["seen"], done["error_code"]) == ("done", 74, "")
    assert [one["id"] for one in api.get(f"{HUNTFLOW}sync/").json()["results"]] == [job["id"]]


def test_search_asks_huntflow_and_goes_on_by_its_cursor(api, mirrored):
    """It looks into resumes, which are not mirrored."""
    query = {"account": ACCOUNT, "q": "canary-6"}
    first = api.get(f"{HUNTFLOW}applicants/search/", query).json()
    assert [one["external_id"] for one in first["items"]] == [6, 60, 61, 62, 63, 64, 65]
    assert first["cursor"] is None
    first = api.get(f"{HUNTFLOW}applicants/search/", {"account": ACCOUNT}).json()
    again = {"account": ACCOUNT, "cursor": first["cursor"]}
    second = api.get(f"{HUNTFLOW}applicants/search/", again).json()
    assert [one["external_id"] for one in second["items"]] == list(range(31, 61))
    assert api.get(f"{HUNTFLOW}applicants/search/", {"account": 8}).status_code == 404
    assert api.get(f"{HUNTFLOW}applicants/search/").status_code == 400


def test_tags_of_an_account_are_asked_of_huntflow(api, mirrored):
    """With their names, which are not mirrored."""
    key = Account.objects.get().pk
    found = api.get(f"{HUNTFLOW}accounts/{key}/tags/").json()
    assert [(one["id"], one["name"]) for one in found] == [(1, "tag 1"), (2, "tag 2")]


CLOSED_TO_OTHERS = (
    ("get", "applicants/"),
    ("get", "applicants/1/"),
    ("get", "applicants/search/?account=7"),
    ("put", "applicants/1/status/"),
    ("post", "applicants/1/tags/"),
    ("get", "connection/"),
    ("post", "test-connection/"),
    ("post", "sync/"),
)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FINANCE])
@pytest.mark.parametrize(("method", "path"), CLOSED_TO_OTHERS)
def test_candidates_are_for_recruiters_alone(anonymous, mirrored, role, method, path):
    """Personal data, and changes of them."""
    user = User.objects.create(username="other")
    grant(user, role)
    anonymous.force_authenticate(user)
    assert error_of(getattr(anonymous, method)(HUNTFLOW + path), 403) == "permission_denied"
    assert anonymous.get(f"{HUNTFLOW}vacancies/").status_code == 200
    assert anonymous.get(f"{HUNTFLOW}sync/").status_code == 200


def test_recruiter_does_not_connect(anonymous, mirrored):
    """Tokens are the administrator's business; trying them is not."""
    user = User.objects.create(username="recruiter")
    grant(user, Role.RECRUITER)
    anonymous.force_authenticate(user)
    for method in ("put", "delete"):
        answer = getattr(anonymous, method)(f"{HUNTFLOW}connection/")
        assert error_of(answer, 403) == "permission_denied"
    assert anonymous.post(f"{HUNTFLOW}test-connection/").status_code == 200
    assert anonymous.get(f"{HUNTFLOW}applicants/").status_code == 200


@pytest.mark.parametrize("path", ["accounts/", "vacancies/", "statuses/", "applicants/", "sync/"])
def test_number_of_queries_does_not_grow_with_rows(api, mirrored, path):
    """One query a row is unnoticed with ten rows, and an outage with ten thousand."""
    counts = []
    for size in (1, 50):
        with CaptureQueriesContext(connection) as seen:
            assert api.get(f"{HUNTFLOW}{path}?page_size={size}").status_code == 200
        counts.append(len(seen))
        for number in range(10):
            Account.objects.create(external_id=900 + size + number, name="x")
            SyncJob.objects.create(is_open=None, state="done")
    assert counts[0] == counts[1]


def test_admin_shows_the_mirror_and_changes_nothing(client, mirrored):
    """Searching included; a name is nowhere in an address."""
    client.force_login(User.objects.create_superuser("root", password="x"))
    for model in ("account", "vacancy", "status", "applicant", "syncjob"):
        assert client.get(f"/admin/huntflow/{model}/?q=1").status_code == 200
        assert client.get(f"/admin/huntflow/{model}/add/").status_code == 403
    one = Applicant.objects.first()
    page = client.get(f"/admin/huntflow/applicant/{one.pk}/change/")
    assert page.status_code == 200
    assert client.post(f"/admin/huntflow/applicant/{one.pk}/change/").status_code == 403
