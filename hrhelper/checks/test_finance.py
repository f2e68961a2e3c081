"""Finance on a running release: ranges and benchmarks are created, changed and removed."""

import uuid


def test_grades_answer(api):
    answer = api.get("/api/v1/finance/grades/")
    assert answer.status_code == 200
    assert answer.json()["count"] >= 0


def test_salary_range_can_be_created_and_updated(api):
    mark = f"check-{uuid.uuid4()}"
    grade = api.post("/api/v1/finance/grades/", json={"name": mark, "rank": 99}).json()
    vacancy = api.post("/api/v1/vacancies/", json={"external_id": mark, "name": mark}).json()
    made = None
    try:
        body = {
            "vacancy": vacancy["id"],
            "grade": grade["id"],
            "min_usd": "1000",
            "max_usd": "2000",
        }
        answer = api.post("/api/v1/finance/salary-ranges/", json=body)
        assert answer.status_code == 201, answer.text
        made = f"/api/v1/finance/salary-ranges/{answer.json()['id']}/"
        changed = api.patch(made, json={"max_usd": "2500.00"})
        assert changed.json()["max_usd"] == "2500.00"
    finally:
        if made:
            assert api.delete(made).status_code == 204
        assert api.delete(f"/api/v1/vacancies/{vacancy['id']}/").status_code == 204
        assert api.delete(f"/api/v1/finance/grades/{grade['id']}/").status_code == 204


def test_benchmark_can_be_created_and_updated(api):
    body = {"type": "candidate", "vacancy_name": f"check-{uuid.uuid4()}", "salary_from": "900.00"}
    answer = api.post("/api/v1/finance/benchmarks/", json=body)
    assert answer.status_code == 201, answer.text
    made = f"/api/v1/finance/benchmarks/{answer.json()['id']}/"
    try:
        assert api.patch(made, json={"location": "Minsk"}).json()["location"] == "Minsk"
    finally:
        assert api.delete(made).status_code == 204


def test_money_is_calculated(api):
    asked = {"amount": "1000.00", "source": "USD", "target": "BYN"}
    answer = api.post("/api/v1/finance/salary-calculations/convert/", json=asked)
    rates = {one["currency"] for one in api.get("/api/v1/finance/currency-rates/latest/").json()}
    if "USD" in rates:
        assert answer.status_code == 200, answer.text
    else:
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "missing_rate"
    gross = api.post("/api/v1/finance/pln-taxes/calculate-gross/", json={"amount": "1000.00"})
    assert gross.status_code == 200, gross.text
    assert float(gross.json()["gross"]) >= 1000


def test_settings_and_statistics_answer(api):
    assert api.get("/api/v1/finance/benchmark-settings/").json()["period_days"] >= 1
    assert api.get("/api/v1/finance/salary-ranges/stats/").json()["count"] >= 0
