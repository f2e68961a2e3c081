"""Items of Huntflow are parsed once, whatever is odd about them."""

import pytest

from logic.huntflow.errors import UnexpectedAnswerError
from logic.huntflow.records import ApplicantRecord, StatusRecord, VacancyRecord
from tests.servers import huntflow_rows

NULLS = ("first_name", "last_name", "phone", "email", "money", "position", "created")


def test_nulls_are_empty_and_long_texts_are_cut():
    """One odd item must not stop a sync for ever."""
    item = huntflow_rows.applicant(1) | dict.fromkeys(NULLS) | {"company": "x\0" * 300}
    one = ApplicantRecord.of(item)
    assert {getattr(one, name) for name in NULLS} == {"", None}
    assert one.company == "x" * 255
    assert one.columns()["search_text"].strip() == ""


def test_same_values_have_the_same_hash_and_others_another():
    """In whatever order Huntflow lists them; what the mirror does not keep does not count."""
    item = huntflow_rows.applicant(1)
    same = item | {"birthday": "1991-01-01", "tags": item["tags"] * 2}
    same["links"] = [dict(reversed(one.items())) for one in item["links"]]
    assert ApplicantRecord.of(item).digest() == ApplicantRecord.of(same).digest()
    for change in ({"email": "new@example.org"}, {"tags": []}, {"links": []}):
        assert ApplicantRecord.of(item).digest() != ApplicantRecord.of(item | change).digest()


def test_search_text_is_folded_also_in_cyrillic():
    """SQLite compares only Latin letters without their case."""
    item = huntflow_rows.applicant(1) | {"last_name": "ЖУКОВ"}
    assert ApplicantRecord.of(item).columns()["search_text"].startswith("жуков иван")


@pytest.mark.parametrize("number", [None, "7", True, 0, 2**63])
@pytest.mark.parametrize("record", [VacancyRecord, StatusRecord])
def test_item_without_a_usable_id_is_an_error(record, number):
    """It could not be found again; guessing would mirror it twice."""
    with pytest.raises(UnexpectedAnswerError):
        record.of({"id": number})


def test_vacancy_without_a_zone_or_a_date_is_still_a_vacancy():
    """Moments are aware, or not there."""
    zoned, bare, wrong = "2026-01-05T10:00:00+03:00", "2026-01-05T10:00:00", "2026-13-01T00:00:00"
    items = [{"id": 1, "created": text} for text in (zoned, bare, wrong, None)]
    made = [VacancyRecord.of(item).created for item in items]
    assert [one and one.tzinfo is not None for one in made] == [True, True, None, None]
