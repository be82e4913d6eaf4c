"""What the first lines of the case page say, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from cases.lifecycle import HoldKind
from cases.models import Case, Hold
from debtors.models import Debt
from escalation.models import Decision, Enrolment, PerformedStep
from escalation.queries.versions import get_strategy
from kernel import clock
from ledger.lifecycle import NameKind
from ledger.operations import match_entries, register_names
from tests.integration.cases.builders import set_due
from tests.integration.desk.bank_tells import ACTOR
from tests.integration.desk.case_pages import (
    N,
    enrol,
    get_page,
    make_message,
    words_of,
)
from tests.integration.desk.conftest import AT, ON
from tests.integration.ledger.test_tying import line, told

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


def test_the_first_lines_say_who_how_much_since_when_and_what_to_do(
    at_desk: Client, case: Case
) -> None:
    page = get_page(at_desk, case)
    head = words_of(page[page.index('<header class="identity">') : page.index('id="debts"')])

    for said in (
        "Wąsik Łucja",
        f"Case {case.number}, opened 02.04.2026, Anna, North",
        "PESEL 84••••••••6",
        "Born ••.••.1984",
        "Language Polish",
        "Stage Direct contact",
        f"Overdue since 02.04.2026, 40 days 1{N}250,00 zł",
        f"Call Wąsik Łucja today before 20:00 and ask for 1{N}250,00{N}zł,",
        "because the strategy asks for a call.",
        "No delivered notice under art. 75c of the Banking Act",
    ):
        assert said.replace(N, " ") in head.replace(N, " ")


def test_money_of_which_the_bank_has_told_is_said_before_anybody_asks_for_it(
    at_desk: Client, case: Case
) -> None:
    debt = Debt.objects.get(parties__debtor=case.debtor)
    register_names(kind=NameKind.CONTRACT, names=[(debt.account_id, "CTR/2026/17")])
    told(1, line("umowa CTR/2026/17"))
    match_entries(actor=ACTOR, at=AT)

    def strip() -> str:
        page = get_page(at_desk, case)
        return words_of(page[page.index('<ul class="strip"') :].partition("</ul>")[0])

    said = "Payment announced 50,00 zł of 11.05.2026, not booked yet."
    assert strip().replace(N, " ") == said
    set_due(debt, 40_000)
    wait = " Demands wait until it is, at the latest until 19.05.2026."
    assert strip().replace(N, " ") == said + wait
    page = get_page(at_desk, case)
    timeline = words_of(page[page.index('id="timeline"') :]).replace(N, " ")
    assert "The bank announces 50,00 zł for 11.05.2026, not booked yet" in timeline


def test_special_holds_are_said_first_with_who_recorded_them_and_when(
    at_desk: Client, case: Case
) -> None:
    for kind in (HoldKind.DISPUTE, HoldKind.VULNERABILITY):
        at_desk.post(
            f"/cases/{case.number}/hold/", {"kind": kind, "reason": "Told on the telephone"}
        )
    Hold.objects.create(
        case=case, kind=HoldKind.BANKRUPTCY, reason="XIX GUp 112/26", from_on=ON,
        until_on=date(2026, 6, 1), placed_at=AT, actor_kind="system", actor_id="operator",
    )  # fmt: skip

    page = get_page(at_desk, case)
    strip = re.search(r'<ul class="strip".*?</ul>', page, re.DOTALL)
    assert strip is not None
    lines = [words_of(line) for line in re.findall(r"<li.*?</li>", strip[0], re.DOTALL)]

    assert lines == [
        (
            "Bankruptcy No calls, no demands: the claim goes to the trustee. XIX GUp 112/26"
            " Recorded 12.05.2026 by operator, until 01.06.2026"
        ),
        (
            "Vulnerability Take time, press for nothing, agree only to what can be kept."
            " Told on the telephone Recorded 12.05.2026 by Anna"
        ),
        (
            "Dispute Find out what is wrong; do not press for what is disputed."
            " Told on the telephone Recorded 12.05.2026 by Anna"
        ),
    ]
    assert "Do not contact Wąsik Łucja," in page


@pytest.mark.parametrize(
    ("delivered_on", "text"),
    [
        (date(2026, 5, 11), "Day 1 of 14. Restructuring may be asked for until 29.05.2026."),
        (date(2026, 4, 21), "Day 14 of 14. Restructuring may be asked for until 12.05.2026."),
        (date(2026, 4, 20), ""),
        (None, ""),
    ],
)
def test_the_term_of_the_notice_is_counted_while_it_runs(
    at_desk: Client, case: Case, delivered_on: date | None, text: str
) -> None:
    status = "delivered" if delivered_on else "handed_over"
    make_message(case, status=status, delivered_on=delivered_on)

    page = get_page(at_desk, case)

    assert ("Art. 75c term running" in page) is bool(text)
    assert text in page


def test_what_one_rule_forbids_stands_in_one_row_with_its_day(at_desk: Client, case: Case) -> None:
    with clock.fixed_at(datetime(2026, 5, 12, 4, 0, tzinfo=UTC)):
        page = get_page(at_desk, case)

    forbidden = re.search(r'<table class="table forbidden">.*?</table>', page, re.DOTALL)
    assert forbidden is not None
    rows = [words_of(row) for row in re.findall(r"<tr><td.*?</tr>", forbidden[0], re.DOTALL)]
    assert rows == [
        (
            "Telephone, send an SMS, send an e-mail, visit in person today 08:00"
            " Outside the hours of the contact policy"
        ),
        "Terminate the contract not dated No delivered notice under art. 75c of the Banking Act",
        "Place with an agency not dated No demand or notice has a recorded delivery yet.",
        "Refer to court not dated No contract of this case is terminated with effect yet.",
    ]
    assert "<b>Allowed now:</b> Send a demand by letter" in page


def _conditions(page: str) -> dict[str, list[str]]:
    """By the heading of the group, its rows."""
    table = re.search(r'<table class="table conditions">.*?</table>', page, re.DOTALL)
    assert table is not None
    groups: dict[str, list[str]] = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", table[0], re.DOTALL):
        title, *rows = [words_of(row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
        groups[title] = rows
    return groups


def test_the_step_taken_and_the_one_ahead_stand_with_their_conditions(
    at_desk: Client, case: Case
) -> None:
    enrolment = enrol(case)
    steps = [step.key for step in get_strategy(version_id=enrolment.version_id).steps]
    place = steps.index("notice_75c")
    Enrolment.objects.filter(pk=enrolment.pk).update(
        step_key=steps[place + 1], previous_on=ON - timedelta(days=5)
    )
    PerformedStep.objects.create(
        enrolment=enrolment, step_key="notice_75c", round=1, performed_on=ON - timedelta(days=5)
    )
    Decision.objects.create(
        enrolment=enrolment, version_id=enrolment.version_id, cause="close:1",
        decided_on=ON - timedelta(days=5), decided_at=AT - timedelta(days=5), outcome="perform",
        step_key="notice_75c",
        record={"looked": [["notice_75c.when.postal_address", True, True]]},
    )  # fmt: skip
    make_message(case, status="delivered", delivered_on=date(2026, 5, 4))

    page = get_page(at_desk, case)
    groups = _conditions(page)

    taken, ahead, rest = groups.values()
    assert next(iter(groups)).endswith("taken on 07.05.2026, met")
    assert taken == ["1 met Usable postal address: yes"]
    assert "not met, earliest" in list(groups)[1]
    assert ahead[0] == (
        "Not met 14 working days after delivery: notice under art. 75c 6 of 14 on 23.05.2026"
    )
    assert rest[0].startswith("none of 4 Overdue: 1 250,00 zł (condition: nothing)")
    assert "Step 8 of 10" in page
    assert (
        "Decided 07.05.2026\u00a011:00: step taken, Notice under art. 75c of the Banking Act,"
        " because usable postal address: yes" in page
    )
    assert 'data-key="c" open' in page
    assert "?version=1" in page
    assert 'aria-current="step"' in page


def test_a_hold_stands_in_the_way_of_the_step_ahead(at_desk: Client, case: Case) -> None:
    enrol(case)
    at_desk.post(
        f"/cases/{case.number}/hold/",
        {"kind": HoldKind.COMPLAINT, "reason": "Fees", "until_on": "2026-05-20"},
    )

    groups = _conditions(get_page(at_desk, case))

    title, rows = next(iter(groups.items()))
    assert title.endswith("stopped")
    assert rows[0] == "Yes Holds Complaint on 21.05.2026"


def test_a_case_on_no_strategy_says_so(at_desk: Client, make_case: MakeCase) -> None:
    page = get_page(at_desk, make_case(name="Jan Bezkres"))

    assert "Decide what follows for Jan Bezkres," in page
    assert "because the case is on no strategy." in page
