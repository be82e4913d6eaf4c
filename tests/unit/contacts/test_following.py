"""What follows a contact, which promises may be taken, and when somebody may be called back."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from contacts.call_back import CallBackFault, find_call_back_fault
from contacts.call_script import (
    FOLDER,
    LANGUAGES,
    ScriptInvalid,
    ScriptName,
    ScriptStep,
    load_script,
)
from contacts.follow_up import Chosen, FollowUp, FollowUpKind, follow_up
from contacts.lifecycle import AttemptResult
from contacts.policy import policy_on
from contacts.promise_rules import (
    PromiseFault,
    PromiseLimits,
    find_amount_fault,
    find_day_fault,
    find_turn_fault,
    limits_on,
)
from kernel.calendar import POLAND
from kernel.clock import instant

#: A Tuesday.
TODAY = date(2026, 11, 24)
POLICY = policy_on(TODAY)


def limits(**changes: object) -> PromiseLimits:
    given = {
        "due_minor": {"PLN": 100_000},
        "owed_minor": {"PLN": 400_000},
        "broken": 0,
        "has_open": False,
        "may_extend": False,
    }
    return limits_on(today=TODAY, policy=POLICY, calendar=POLAND, **{**given, **changes})  # type: ignore[arg-type]


def test_an_officer_goes_ten_working_days_ahead_and_who_may_extend_a_month() -> None:
    assert limits().last_on == date(2026, 12, 8)
    assert limits().latest_on == date(2026, 12, 25)
    assert limits(may_extend=True).last_on == date(2026, 12, 25)


def test_holidays_are_no_working_days() -> None:
    christmas = limits_on(
        today=date(2026, 12, 22),
        policy=POLICY,
        calendar=POLAND,
        due_minor={},
        owed_minor={},
        broken=0,
        has_open=False,
        may_extend=False,
    )
    assert christmas.last_on == date(2027, 1, 11)


@pytest.mark.parametrize(
    ("due_on", "fault"),
    [
        (date(2026, 11, 23), PromiseFault.DAY_PAST),
        (TODAY, None),
        (date(2026, 12, 8), None),
        (date(2026, 12, 9), PromiseFault.DAY_TOO_LATE),
    ],
)
def test_the_day_of_a_promise_lies_within_its_limits(
    due_on: date, fault: PromiseFault | None
) -> None:
    assert find_day_fault(limits(), due_on) is fault


@pytest.mark.parametrize(
    ("amount_minor", "currency", "fault"),
    [
        (1, "PLN", None),
        (400_000, "PLN", None),
        (400_001, "PLN", PromiseFault.AMOUNT_TOO_LARGE),
        (0, "PLN", PromiseFault.AMOUNT_TOO_LARGE),
        (1, "EUR", PromiseFault.NOTHING_OWED),
    ],
)
def test_the_amount_is_something_that_is_owed(
    amount_minor: int, currency: str, fault: PromiseFault | None
) -> None:
    assert find_amount_fault(limits(), amount_minor, currency) is fault


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"broken": 1}, None),
        ({"broken": 2}, PromiseFault.TURNS_USED),
        ({"broken": 2, "may_extend": True}, None),
        ({"has_open": True}, PromiseFault.OPEN_ALREADY),
        ({"has_open": True, "may_extend": True}, PromiseFault.OPEN_ALREADY),
    ],
)
def test_after_two_broken_promises_an_officer_takes_no_third(
    changes: dict[str, object], fault: PromiseFault | None
) -> None:
    assert find_turn_fault(limits(**changes)) is fault


CALL = instant(date(2026, 11, 27), time(14))


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (
            Chosen(AttemptResult.PROMISED, TODAY, due_on=date(2026, 11, 27)),
            FollowUp(FollowUpKind.CHECK_PROMISE, date(2026, 11, 30)),
        ),
        (Chosen(AttemptResult.PROMISED, TODAY), FollowUp(FollowUpKind.CHECK_PROMISE)),
        (
            Chosen(AttemptResult.CALL_BACK, TODAY, call_back_at=CALL),
            FollowUp(FollowUpKind.CALL_BACK, date(2026, 11, 27), CALL),
        ),
        (
            Chosen(AttemptResult.WANTS_INSTALMENTS, TODAY),
            FollowUp(FollowUpKind.WORK_OUT_INSTALMENTS),
        ),
        (
            Chosen(AttemptResult.DISPUTES, TODAY, holds_dispute=True),
            FollowUp(FollowUpKind.ANSWER_DISPUTE, date(2026, 12, 8)),
        ),
        (
            Chosen(AttemptResult.DISPUTES, TODAY, next_look_on=date(2026, 11, 26)),
            FollowUp(FollowUpKind.STRATEGY, date(2026, 11, 26)),
        ),
        (
            Chosen(AttemptResult.WRONG_PERSON, TODAY, loses_last_phone=True),
            FollowUp(FollowUpKind.FIND_PHONE, date(2026, 11, 25)),
        ),
        (Chosen(AttemptResult.NO_ANSWER, TODAY), FollowUp(FollowUpKind.NOTHING)),
        (
            Chosen(AttemptResult.SPOKE, TODAY, next_look_on=date(2026, 11, 20)),
            FollowUp(FollowUpKind.STRATEGY, TODAY),
        ),
    ],
)
def test_what_follows_is_named_with_its_day(chosen: Chosen, found: FollowUp) -> None:
    assert follow_up(chosen, policy=POLICY, calendar=POLAND) == found


AT = instant(TODAY, time(11))
WEEKDAY = (time(8), time(20))
LATEST = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("moment", "fault"),
    [
        (instant(TODAY, time(11, 1)), None),
        (instant(TODAY, time(11)), CallBackFault(*WEEKDAY, LATEST)),
        (instant(date(2026, 11, 25), time(8)), None),
        (instant(date(2026, 11, 25), time(7, 59)), CallBackFault(*WEEKDAY, LATEST)),
        (instant(date(2026, 11, 25), time(20)), CallBackFault(*WEEKDAY, LATEST)),
        (instant(date(2026, 11, 28), time(14, 59)), None),
        (instant(date(2026, 11, 28), time(15)), CallBackFault(time(9), time(15), LATEST)),
        (instant(date(2026, 11, 29), time(12)), CallBackFault(None, None, LATEST)),
        (instant(date(2026, 12, 25), time(12)), CallBackFault(None, None, LATEST)),
        (instant(date(2027, 1, 4), time(12)), CallBackFault(*WEEKDAY, LATEST)),
    ],
)
def test_a_call_back_lies_ahead_within_the_hours_and_not_too_far(
    moment: datetime, fault: CallBackFault | None
) -> None:
    assert find_call_back_fault(moment, at=AT, policy=POLICY, calendar=POLAND) == fault


@pytest.mark.parametrize("name", ScriptName)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_is_there_in_every_language_with_all_its_steps(
    name: ScriptName, language: str
) -> None:
    script = load_script(name, language)
    assert script.language == language
    assert [line.step for line in script.lines] == list(ScriptStep)
    filled = script.filled(
        {
            "person": "Marzena Kowalczyk",
            "officer": "Anna Wrona",
            "creditor": "Bank",
            "creditor_phone": "22 000 00 00",
            "overdue": "850,00 zł",
        }
    )
    said = " ".join(line.say for line in filled.lines)
    assert "Marzena Kowalczyk" in said
    assert "850,00 zł" in said
    assert "{" not in said


@pytest.mark.parametrize("name", ScriptName)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_ends_with_a_full_stop_ends_the_sentence(
    name: ScriptName, language: str
) -> None:
    values = {"person": "P. S.", "officer": "A. W.", "creditor": "Bank S.A.",
              "creditor_phone": "22", "overdue": "1 zł"}  # fmt: skip
    said = " ".join(line.say for line in load_script(name, language).filled(values).lines)
    assert "S.A." in said
    assert ".." not in said


def test_a_debtor_of_another_language_is_spoken_to_in_english() -> None:
    assert load_script(ScriptName.CALL, "uk").language == "en"


GOOD = (FOLDER / "call" / "1" / "en.toml").read_text(encoding="utf-8")


def write(folder: Path, version: int, text: str) -> None:
    path = folder / "call" / str(version) / "en.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def test_the_latest_version_is_the_one_with_the_highest_number(tmp_path: Path) -> None:
    write(tmp_path, 9, GOOD)
    write(tmp_path, 10, GOOD.replace("A call about arrears", "Anew"))
    script = load_script(ScriptName.CALL, "en", tmp_path)
    assert (script.key, script.title) == ("call/10", "Anew")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('key = "offer"', 'key = "threaten"'),
        ('key = "offer"', 'key = "purpose"'),
        ("{person}", "{pesel}"),
        ('title = "A call about arrears"', ""),
    ],
)
def test_a_script_that_is_wrong_is_refused_when_it_is_loaded(
    tmp_path: Path, old: str, new: str
) -> None:
    write(tmp_path, 1, GOOD.replace(old, new))
    with pytest.raises(ScriptInvalid):
        load_script(ScriptName.CALL, "en", tmp_path)
