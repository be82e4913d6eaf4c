"""The one sentence of the case page, as a table of situations and sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from django.utils.translation import override

from cases.lifecycle import Handler, HoldKind, WorkKind
from contacts.guard import Allowed, Refused, Rule
from desk.wording.advice import NextStep, Promised, Situation, Work, advise
from kernel.clock import instant

TODAY = date(2026, 11, 23)
AT = instant(TODAY, time(12, 0))
N = "\u00a0"
BASE = Situation(
    name="Marzena Kowalczyk",
    at=AT,
    phone=Allowed(),
    phone_until=time(20, 0),
    due=f"6{N}183,01{N}zł",
    days_past_due=63,
)
BROKEN = Promised(85_000, "PLN", date(2026, 11, 20))


def _sentence(**changes: Any) -> str:
    with override("en"):
        advice = advise(replace(BASE, **changes))
    return f"{advice.order} {advice.because}".strip()


def _work(kind: WorkKind, *, due_on: date = TODAY, step: str = "", **reason: Any) -> Work:
    return Work(kind, due_on, reason, step)


def _later(day: int, hour: int) -> Refused:
    return Refused(Rule.OUTSIDE_HOURS, {}, instant(date(2026, 11, day), time(hour, 0)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {
                "work": _work(WorkKind.BROKEN_PROMISE),
                "broken_promise": BROKEN,
                "notice_ends_on": date(2026, 12, 2),
            },
            f"Call Marzena Kowalczyk today before 20:00 and offer instalments, because the promise"
            f" of 850,00{N}zł for 20.11 was not kept and until 02.12 restructuring may be asked"
            " for.",
            id="a broken promise while the term of the notice runs",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL, code="step", strategy="s", step="Call after the demand")},
            f"Call Marzena Kowalczyk today before 20:00 and ask for 6{N}183,01{N}zł, because it is"
            " 63 days past due and the strategy has come to “Call after the demand”.",
            id="a step of the strategy",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL, due_on=date(2026, 11, 20), note="Salary on the 20th")},
            f"Call Marzena Kowalczyk today before 20:00 and ask for 6{N}183,01{N}zł, because it was"
            " noted: “Salary on the 20th” and it has waited since 20.11.",
            id="a note of a colleague, late",
        ),
        pytest.param(
            {"work": _work(WorkKind.APPROVAL_REFUSED, code="placement_refuse", note="Not yet")},
            "Decide today what follows the refusal: Marzena Kowalczyk, because what was proposed"
            " was not granted: “Not yet”.",
            id="a proposal that was not granted, with the words of who decided",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL), "phone": _later(23, 14)},
            f"Call Marzena Kowalczyk today from 14:00 and ask for 6{N}183,01{N}zł, because the"
            " strategy asks for a call.",
            id="not yet, but later today",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL), "phone": _later(24, 8)},
            f"Call Marzena Kowalczyk on Tue{N}24.11 from 08:00 and ask for 6{N}183,01{N}zł, because"
            " the strategy asks for a call.",
            id="not today any more",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL), "phone": Refused(Rule.NO_CONTACT_POINT, {})},
            "Do not call Marzena Kowalczyk now, because it is not allowed (no usable contact point)"
            " and the strategy asks for a call.",
            id="no number",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL, code="call_back", at="2026-11-23T15:30:00+00:00")},
            f"Call Marzena Kowalczyk today before 20:00 and ask for 6{N}183,01{N}zł, because the"
            f" debtor asked to be called on 23.11.2026{N}16:30.",
            id="the debtor asked to be called back",
        ),
        pytest.param(
            {"work": _work(WorkKind.BROKEN_AGREEMENT, amount_minor=25_763, currency="PLN")},
            "Call Marzena Kowalczyk today before 20:00 and agree on what can be kept, because the"
            f" instalment of 257,63{N}zł did not come.",
            id="an instalment that did not come",
        ),
        pytest.param(
            {"work": _work(WorkKind.ANSWER_REQUEST, due_on=date(2026, 11, 25))},
            "Answer the request of Marzena Kowalczyk by 25.11.2026, because the debtor waits for an"
            " answer.",
            id="no call at all",
        ),
        pytest.param(
            {"work": _work(WorkKind.SOLVE_DATA_PROBLEM, problems=["no_amount"])},
            "Put the data of Marzena Kowalczyk right today, because the machine does not act on it:"
            " no amount.",
            id="bad data",
        ),
        pytest.param(
            {"work": _work(WorkKind.CALL), "phone": Refused(Rule.DEATH, {})},
            "Do not contact Marzena Kowalczyk, because the debtor has died.",
            id="death goes before any work",
        ),
        pytest.param(
            {"closed_on": date(2026, 11, 3), "work": _work(WorkKind.CALL)},
            "There is nothing to do, because nothing is due any more: the case was closed on"
            " 03.11.2026.",
            id="a closed case",
        ),
        pytest.param(
            {"waiting": "Termination of the contract"},
            "Wait for the decision: termination of the contract, because it is proposed and a"
            " person with the authority decides.",
            id="a proposal that nobody has decided",
        ),
        pytest.param(
            {"open_promise": Promised(85_000, "PLN", date(2026, 11, 27))},
            f"Wait for 850,00{N}zł until 27.11.2026, because it was promised and nothing is asked"
            " before.",
            id="an open promise",
        ),
        pytest.param(
            {
                "handled_by": Handler.AGREEMENT,
                "next_instalment": Promised(25_763, "PLN", date(2026, 12, 1)),
                "holds": [(HoldKind.AGREEMENT, None)],
            },
            f"Wait for 257,63{N}zł until 01.12.2026, because an agreement is in force and is kept"
            " so far.",
            id="an agreement that is kept",
        ),
        pytest.param(
            {"handled_by": Handler.AGENCY, "holds": [(HoldKind.AGENCY, None)]},
            "Leave it to them, because an external agency has the case in hand.",
            id="with an agency",
        ),
        pytest.param(
            {"holds": [(HoldKind.COMPLAINT, date(2026, 12, 1)), (HoldKind.DISPUTE, None)]},
            "Leave the case as it is until the hold is ended, because it is on hold: complaint,"
            " dispute.",
            id="a hold without an end",
        ),
        pytest.param(
            {"holds": [(HoldKind.DISPUTE, None)], "is_reachable": False},
            "Find a phone number or an address of Marzena Kowalczyk, because nothing is known by"
            " which the debtor can be reached.",
            id="nobody can be reached, whatever the case waits for",
        ),
        pytest.param(
            {"holds": [(HoldKind.COMPLAINT, date(2026, 12, 1))]},
            "Leave the case as it is until 01.12.2026, because it is on hold: complaint.",
            id="a hold with its last day",
        ),
        pytest.param(
            {"next_step": NextStep("Demand", None, is_due=True)},
            "Nothing is to be done by hand today, because “Demand” is taken with the close of the"
            " day.",
            id="the machine takes the next step tonight",
        ),
        pytest.param(
            {"next_step": NextStep("Demand", date(2026, 12, 4), is_due=False)},
            "Nothing is to be done until 04.12.2026, because “Demand” comes then at the earliest.",
            id="the next step has a day",
        ),
        pytest.param(
            {"next_step": NextStep("Termination", None, is_due=False, blocker="Notice: none yet")},
            "Nothing is to be done by hand now, because “Termination” waits: notice: none yet.",
            id="the next step waits for something",
        ),
        pytest.param(
            {"next_step": None},
            "Decide what follows for Marzena Kowalczyk, because every step of the strategy is"
            " behind the case.",
            id="past the last step",
        ),
        pytest.param(
            {"on_strategy": False},
            "Decide what follows for Marzena Kowalczyk, because the case is on no strategy.",
            id="on no strategy",
        ),
    ],
)
def test_the_sentence_says_what_to_do_and_why(changes: dict[str, Any], sentence: str) -> None:
    assert _sentence(**changes) == sentence


def test_at_most_two_reasons_are_given() -> None:
    sentence = _sentence(
        work=_work(WorkKind.BROKEN_PROMISE, due_on=date(2026, 11, 20)),
        broken_promise=BROKEN,
        notice_ends_on=date(2026, 12, 2),
    )

    assert "it has waited" not in sentence
    assert sentence.count(" and ") == 2  # one of them in the order


@pytest.mark.parametrize("kind", list(WorkKind))
@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_kind_of_work_is_an_order_with_a_reason_in_both_languages(
    kind: WorkKind, language: str
) -> None:
    with override(language):
        order, because = advise(replace(BASE, work=_work(kind)))

    assert order.endswith(",")
    assert "Marzena Kowalczyk" in order
    assert because.startswith("ponieważ " if language == "pl" else "because ")
    assert because.endswith(".")
    assert "%(" not in order + because


def test_the_polish_sentence_leaves_the_name_as_it_is() -> None:
    with override("pl"):
        order, because = advise(
            replace(BASE, work=_work(WorkKind.BROKEN_PROMISE), broken_promise=BROKEN)
        )

    assert order == "Marzena Kowalczyk: zadzwoń dziś przed 20:00 i zaproponuj raty,"
    assert because == f"ponieważ obietnica 850,00{N}zł na 20.11 nie została dotrzymana."


@pytest.mark.parametrize("text", ["not a moment", "", None])
def test_a_moment_that_cannot_be_read_is_a_dash(text: Any) -> None:
    assert "called on –" in _sentence(work=_work(WorkKind.CALL, code="call_back", at=text))


def test_the_hour_follows_the_clock_of_warsaw_in_summer() -> None:
    summer = date(2026, 7, 6)
    phone = Refused(Rule.OUTSIDE_HOURS, {}, instant(summer, time(14, 0)))
    at: datetime = instant(summer, time(7, 0))

    assert "today from 14:00" in _sentence(
        at=at, phone=phone, work=_work(WorkKind.CALL, due_on=summer)
    )
