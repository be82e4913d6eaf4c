from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.lifecycle import PlacementStatus
from agencies.models import Placement
from cases.models import Case
from contacts.models import Termination
from courts.models import Referral
from escalation.models import Strategy, StrategyVersion
from journal.models import Event
from negotiations.models import Agreement, Instalment
from staff.models import ApprovalLimit, Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.case_pages import enrol, make_message, words_of
from tests.integration.desk.conftest import AT, ON, signed_in

pytestmark = pytest.mark.django_db

LOOKED = [
    {"place": "exit_when.overdue", "held": False, "value": {"PLN": 125000},
     "wanted": {"test": "is", "wanted": "nothing"}},
    {"place": "agency.wait.days_after_previous_step", "held": True,
     "value": "2026-05-01", "wanted": {"wait": "days_after_previous_step", "days": 14,
                                       "letter": ""}},
    {"place": "agency.when.termination", "held": True, "value": "in_effect",
     "wanted": {"test": "is", "wanted": "in_effect"}},
]  # fmt: skip


def make_placement(
    case: Case,
    proposed_by: User | None = None,
    *,
    hours: int = 0,
    amount_minor: int = 125_000,
    currency: str = "PLN",
    deadline_on: date | None = None,
) -> Placement:
    return Placement.objects.create(
        case=case,
        cause=f"test:{case.pk}",
        amount_minor=amount_minor,
        currency=currency,
        proposed_by=proposed_by,
        proposed_at=AT - timedelta(hours=hours),
        deadline_on=deadline_on,
        step="" if proposed_by else "unsecured_retail.agency",
        grounds={"note": "Nobody answers."}
        if proposed_by
        else {"strategy": "unsecured_retail", "step": "agency", "looked": LOOKED},
    )


def make_referral(case: Case, *, hours: int = 0, status: str = "proposed") -> Referral:
    decided = {"decided_by": make_user(f"legal{case.pk}", Role.LEGAL), "decided_at": AT}
    return Referral.objects.create(
        case=case, cause=f"test:{case.pk}", amount_minor=300_000, currency="PLN",
        proposed_at=AT - timedelta(hours=hours), status=status,
        decision_reason="" if status == "proposed" else "Add the file.",
        **({} if status == "proposed" else decided),
    )  # fmt: skip


def make_agreement(case: Case) -> Agreement:
    agreement = Agreement.objects.create(
        case=case, kind="settlement", needs_approval=True, amount_minor=125_000, currency="PLN",
        write_off_minor=25_000, tolerance_days=3, tolerance_minor=0, last_transaction_id=0,
        policy_from=ON, proposed_at=AT, deadline_on=date(2026, 6, 1),
        grounds={"note": "Agreed by telephone."},
    )  # fmt: skip
    for number, (due_on, minor) in enumerate(
        [(date(2026, 6, 1), 60_000), (date(2026, 7, 1), 40_000)], start=1
    ):
        Instalment.objects.create(
            agreement=agreement, number=number, due_on=due_on, amount_minor=minor
        )
    return agreement


def make_termination(case: Case) -> Termination:
    notice = make_message(case, status="delivered", delivered_on=ON - timedelta(days=30))
    return Termination.objects.create(
        case=case, notice=notice, cause=f"test:{case.pk}", debt_ids=[], amount_minor=500_000,
        currency="PLN", proposed_at=AT, grounds={"amounts": {"PLN": 500_000}},
    )  # fmt: skip


def address_of(row: Placement | Referral | Termination | Agreement) -> str:
    return f"/approvals/{row.approval_kind}/{row.pk}/"


def boxes(page: str) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', page)


def names_in_order(page: str) -> list[str]:
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page)


def test_a_proposal_stands_with_everything_the_machine_saw(case: Case, manager: User) -> None:
    placement = make_placement(case)

    page = signed_in(manager).get(address_of(placement)).content.decode()

    assert "Wąsik Łucja" in page
    assert "by the strategy" in page
    assert "Overdue: 1\u00a0250,00\u00a0zł (condition: nothing)" in page
    assert "14 days after the previous step (from 01.05.2026)" in page


def test_a_refusal_is_kept_with_its_reason(case: Case, manager: User) -> None:
    placement = make_placement(case)
    form = {"verdict": "refuse", "reason": "A deal is near"}

    answer = signed_in(manager).post(address_of(placement), form, follow=True)

    placement.refresh_from_db()
    assert placement.status == PlacementStatus.REFUSED
    assert placement.decision_reason == "A deal is near"
    assert "Refused: Placement with an agency, Wąsik Łucja, 1 250,00 zł." in words_of(
        answer.content.decode()
    )


def test_what_was_proposed_anew_since_the_page_was_opened_is_looked_at_again(
    case: Case, manager: User
) -> None:
    placement = make_placement(case)
    browser = signed_in(manager)
    page = browser.get(address_of(placement)).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    form = {"verdict": "approve", "reason": "As the policy says", "seen": seen[1]}
    Placement.objects.filter(pk=placement.pk).update(proposed_at=AT + timedelta(hours=1))

    answer = browser.post(address_of(placement), form)

    placement.refresh_from_db()
    assert (answer.status_code, placement.status) == (409, PlacementStatus.PROPOSED)
    assert "It was decided or proposed anew since you saw it." in words_of(answer.content.decode())
    assert seen[1] not in answer.content.decode()


def test_after_a_refusal_the_page_says_on_which_day_the_strategy_may_propose_it_again(
    case: Case, manager: User
) -> None:
    placement = make_placement(case)
    enrol(case)
    browser = signed_in(manager)
    said = "The strategy may propose it again on 26.06.2026."

    before = words_of(browser.get(address_of(placement)).content.decode())
    answer = browser.post(
        address_of(placement), {"verdict": "refuse", "reason": "Not yet"}, follow=True
    )
    after = words_of(browser.get(address_of(placement)).content.decode())

    assert f"If you refuse: {said}" in before
    told = "Refused: Placement with an agency, Wąsik Łucja, 1 250,00 zł."
    assert f"{told} {said}" in words_of(answer.content.decode())
    assert said in after
    assert "Decided by Pawel" in after


def test_after_a_decision_the_next_of_the_same_list_is_opened(
    make_case: Callable[..., Case], case: Case, manager: User
) -> None:
    first = make_placement(case, hours=2)
    second = make_placement(make_case(name="Bielska Bea"), hours=1)
    make_placement(make_case(name="Cicha Cyd"), proposed_by=manager)
    browser = signed_in(manager)
    decided = {"verdict": "refuse", "reason": "As agreed", "onward": "on",
               "next": "/approvals/?kind=placement"}  # fmt: skip

    page = browser.get(f"{address_of(first)}?next=/approvals/").content.decode()
    on_to = browser.post(address_of(first), decided)
    last = browser.post(address_of(second), decided, follow=True)

    assert "Then open the next one" in page
    assert on_to["Location"] == f"{address_of(second)}?next=%2Fapprovals%2F%3Fkind%3Dplacement"
    assert last.redirect_chain[-1][0] == "/approvals/?kind=placement"
    assert "Nothing else in the list waits for you." in last.content.decode()


def test_the_terms_of_an_agreement_are_there_to_be_decided(case: Case, manager: User) -> None:
    agreement = make_agreement(case)

    browser = signed_in(manager)
    page = words_of(browser.get(address_of(agreement)).content.decode())
    listed = words_of(browser.get("/approvals/").content.decode())

    assert "Instalments 2 × 600,00 zł, the last one 400,00 zł" in page
    assert "Written off when kept 250,00 zł" in page
    assert "First payment 01.06.2026" in page
    assert "40 1 250,00 zł 5 000,00 zł" in page
    assert "2 payments from 01.06.2026, 250,00 zł written off, 40 days past due" in listed


def test_what_has_changed_since_is_told_beside_what_was_seen(case: Case, manager: User) -> None:
    placement = make_placement(case, amount_minor=100_000, hours=1)
    placement.grounds = {
        **placement.grounds,
        "looked": [{**LOOKED[0], "value": {"PLN": 100_000}}, LOOKED[2]],
    }
    placement.save()
    enrol(case)

    page = words_of(signed_in(manager).get(address_of(placement)).content.decode())

    assert "1 000,00 zł 1 250,00 zł +250,00" in page
    assert "the strategy would not propose it today" in page
    assert "nothing for this proposal" in page
    assert "Enrolled in" in page


def test_nothing_is_decided_without_a_reason_or_with_an_unknown_verdict(
    case: Case, manager: User
) -> None:
    placement = make_placement(case)
    browser = signed_in(manager)

    silent = browser.post(address_of(placement), {"verdict": "approve", "reason": " "})
    unknown = browser.post(address_of(placement), {"verdict": "maybe", "reason": "x"})
    nothing = browser.post("/approvals/wedding/1/", {"verdict": "approve", "reason": "x"})

    placement.refresh_from_db()
    assert "A reason is needed" in silent.content.decode()
    assert (silent.status_code, unknown.status_code, nothing.status_code) == (422, 422, 404)
    assert placement.status == PlacementStatus.PROPOSED


def test_nobody_finds_a_button_for_what_they_proposed(case: Case, manager: User) -> None:
    placement = make_placement(case, proposed_by=manager)
    browser = signed_in(manager)

    listed = browser.get("/approvals/").content.decode()
    page = browser.get(address_of(placement)).content.decode()
    forced = browser.post(address_of(placement), {"verdict": "approve", "reason": "x"})

    placement.refresh_from_db()
    assert "Your own" in listed
    assert boxes(listed) == []
    assert 'name="verdict"' not in page
    assert "Nobody decides what they proposed themselves." in forced.content.decode()
    assert placement.status == PlacementStatus.PROPOSED


def test_an_auditor_sees_and_an_officer_does_not(case: Case, at_desk: Client) -> None:
    placement = make_placement(case)
    auditor = signed_in(make_user("ewa", Role.AUDITOR))

    assert "Wąsik Łucja" in auditor.get("/approvals/").content.decode()
    assert 'name="verdict"' not in auditor.get(address_of(placement)).content.decode()
    assert boxes(auditor.get("/approvals/").content.decode()) == []
    assert at_desk.get("/approvals/").status_code == 403
    assert at_desk.get(address_of(placement)).status_code == 403


def test_a_colleague_who_was_faster_is_told_and_nothing_is_decided_twice(
    case: Case, manager: User
) -> None:
    placement = make_placement(case)
    form = {"verdict": "refuse", "reason": "First"}
    signed_in(make_user("karolina", Role.MANAGER)).post(address_of(placement), form)

    late = signed_in(manager).post(address_of(placement), {**form, "reason": "Second"})

    placement.refresh_from_db()
    assert late.status_code == 409
    assert "It has moved on" in late.content.decode()
    assert placement.decision_reason == "First"


@pytest.fixture
def mixed(make_case: Callable[..., Case]) -> list[str]:
    """Three placements and two referrals; their names in the order of their age."""
    made = {name: make_case(name=name) for name in ("Ada", "Bea", "Cyd", "Dan", "Eve")}
    make_placement(made["Ada"], hours=5, amount_minor=100_000)
    make_referral(made["Bea"], hours=4)
    make_placement(made["Cyd"], hours=3, amount_minor=500_000, deadline_on=ON + timedelta(days=9))
    make_placement(made["Dan"], hours=2, currency="EUR", deadline_on=ON + timedelta(days=2))
    make_referral(made["Eve"], hours=1)
    return list(made)


def test_the_order_is_by_age_by_deadline_or_by_amount(mixed: list[str], manager: User) -> None:
    browser = signed_in(manager)

    def listed(order: str) -> list[str]:
        return names_in_order(browser.get("/approvals/", {"order": order}).content.decode())

    assert listed("") == mixed
    assert listed("deadline") == ["Dan", "Cyd", "Ada", "Bea", "Eve"]
    assert listed("amount") == ["Cyd", "Eve", "Bea", "Ada", "Dan"]


@pytest.mark.parametrize("order", ["oldest", "deadline", "amount"])
def test_the_pages_together_are_the_whole_list_whatever_the_order(
    mixed: list[str], manager: User, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(manager)
    whole = names_in_order(browser.get("/approvals/", {"order": order}).content.decode())
    monkeypatch.setattr("desk.views.approvals.inbox.PAGE_SIZE", 2)
    url: str | None = f"/approvals/?order={order}"
    seen: list[str] = []
    while url:
        page = browser.get(url).content.decode()
        seen += names_in_order(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        url = unescape(found[1]) if found else None

    assert len(whole) == 5
    assert seen == whole


def test_filters_leave_what_was_asked_for(
    mixed: list[str], manager: User, make_case: Callable[..., Case], south: Team
) -> None:
    other = make_case(name="Fay", team=south)
    make_placement(other, proposed_by=make_user("jan", Role.OFFICER, south), amount_minor=1)
    make_referral(make_case(name="Gil"), status="sent_back")
    browser = signed_in(manager)

    def names(**query: str | int) -> list[str]:
        return names_in_order(browser.get("/approvals/", query).content.decode())

    assert names(kind="referral") == ["Bea", "Eve"]
    assert names(team=south.pk) == ["Fay"]
    assert names(step="unsecured_retail.agency") == ["Ada", "Cyd", "Dan"]
    assert names(amount=2000) == ["Bea", "Cyd", "Eve"]
    assert names(by="people") == ["Fay"]
    assert names(by="strategy") == mixed
    assert names(by=User.objects.get(username="jan").pk) == ["Fay"]
    assert names(state="sent_back") == ["Gil"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=wedding", "team=x", "team=99999999999999999999", "amount=-1", "by=nobody",
        "after=x", "after=none~20260512T090000.000000~placement~99999999999999999999",
        "order=amount&after=PLN~20260512T090000.000000~placement~1", "step=%00", "state=lost",
        "order=deadline&after=2026-13-01~20260512T090000.000000~placement~1", "by=²",
    ],
)  # fmt: skip
def test_what_cannot_be_is_as_if_it_had_not_been_asked_for(
    mixed: list[str], manager: User, query: str
) -> None:
    answer = signed_in(manager).get(f"/approvals/?{query}")

    assert answer.status_code == 200
    assert len(names_in_order(answer.content.decode())) == 5


def test_only_what_the_reader_may_decide(
    mixed: list[str], manager: User, make_case: Callable[..., Case]
) -> None:
    make_placement(make_case(name="Own"), proposed_by=manager)
    ApprovalLimit.objects.create(
        role=Role.MANAGER, kind="placement", currency="PLN", amount_minor=100_000
    )
    page = signed_in(manager).get("/approvals/", {"mine": "1"}).content.decode()

    assert names_in_order(page) == ["Ada", "Dan"]
    assert len(boxes(page)) == 2


def test_a_team_leader_sees_the_own_team_alone(
    mixed: list[str], make_case: Callable[..., Case], north: Team, south: Team
) -> None:
    other = make_placement(make_case(name="Fay", team=south))
    browser = signed_in(make_user("lena", Role.TEAM_LEADER, north))

    page = browser.get("/approvals/", {"team": south.pk}).content.decode()

    assert names_in_order(page) == mixed
    assert browser.get(address_of(other)).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_list(
    mixed: list[str], manager: User, make_case: Callable[..., Case]
) -> None:
    browser = signed_in(manager)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get("/approvals/").status_code == 200
        return len(captured)

    browser.get("/approvals/")
    few = statements()
    for number in range(12):
        make_placement(make_case(name=f"N{number}"))

    assert statements() == few
    assert few <= 16


def test_several_are_first_shown_with_what_it_will_do_and_then_decided_each_by_itself(
    mixed: list[str], manager: User
) -> None:
    browser = signed_in(manager)
    page = browser.get("/approvals/", {"kind": "placement"}).content.decode()
    chosen = {"item": boxes(page), "verdict": "refuse", "next": "/approvals/?kind=placement"}
    events = Event.objects.count()

    preview = browser.post("/approvals/chosen/", chosen)
    said = words_of(preview.content.decode())

    assert "3 proposals are decided, each in its own right." in said
    assert "Together, EUR 1 250,00 €" in said
    assert "Together, PLN 6 000,00 zł" in said
    assert Placement.objects.filter(status="proposed").count() == 3
    assert Event.objects.count() == events

    form = {**chosen, "item": boxes(preview.content.decode()), "confirmed": "1"}
    silent = browser.post("/approvals/chosen/", {**form, "reason": " "})
    done = browser.post("/approvals/chosen/", {**form, "reason": "Not in May"})

    assert silent.status_code == 422
    assert "A reason is needed" in silent.content.decode()
    assert (done.status_code, done["Location"]) == (302, "/approvals/?kind=placement")
    rows = Placement.objects.filter(status="refused", decision_reason="Not in May")
    assert rows.count() == 3
    assert Event.objects.filter(kind="placement.refused").count() == 3


def test_what_changed_meanwhile_is_told_row_by_row_and_the_others_are_decided(
    mixed: list[str], manager: User
) -> None:
    browser = signed_in(manager)
    page = browser.get("/approvals/", {"kind": "placement"}).content.decode()
    ada, cyd, dan = Placement.objects.order_by("proposed_at")
    colleague = signed_in(make_user("karolina", Role.MANAGER))
    colleague.post(address_of(ada), {"verdict": "refuse", "reason": "First"})
    Placement.objects.filter(pk=cyd.pk).update(proposed_at=AT)

    form = {"item": boxes(page), "verdict": "refuse", "confirmed": "1", "reason": "All"}
    answer = browser.post("/approvals/chosen/", form)
    said = words_of(answer.content.decode())

    assert answer.status_code == 409
    assert "2 rows were left as they are" in said
    assert said.count("It was decided or proposed anew since you saw it.") == 2
    assert "1 refused." in said
    reasons = dict(Placement.objects.values_list("pk", "decision_reason"))
    assert reasons == {ada.pk: "First", cyd.pk: "", dan.pk: "All"}


@pytest.mark.parametrize("moment", ["999999999999999999", "9" * 19, "-1", "soon"])
def test_a_row_seen_at_an_instant_that_no_day_has_is_no_row(moment: str, manager: User) -> None:
    chosen = {"item": f"placement:1:{moment}", "verdict": "refuse"}

    answer = signed_in(manager).post("/approvals/chosen/", chosen, follow=True)

    assert answer.redirect_chain == [("/approvals/", 302)]
    assert "No row is chosen." in words_of(answer.content.decode())


@pytest.mark.parametrize("moment", ["9" * 17, "0"])
def test_a_row_seen_in_another_age_is_no_row_that_can_be_decided(
    moment: str, mixed: list[str], manager: User
) -> None:
    placement = Placement.objects.earliest("proposed_at")
    chosen = {"item": f"placement:{placement.pk}:{moment}", "verdict": "refuse"}

    answer = signed_in(manager).post("/approvals/chosen/", chosen)

    assert answer.status_code == 200
    assert "None of the chosen proposals can be decided." in words_of(answer.content.decode())


def test_the_preview_names_what_the_law_or_a_rule_keeps_back(
    mixed: list[str], manager: User
) -> None:
    browser = signed_in(manager)
    page = browser.get("/approvals/", {"kind": "placement"}).content.decode()

    preview = browser.post("/approvals/chosen/", {"item": boxes(page), "verdict": "approve"})
    said = words_of(preview.content.decode())

    assert "None of the chosen proposals can be decided." in said
    assert "3 rows were left as they are" in said
    assert 'name="confirmed"' not in preview.content.decode()


def test_terminations_are_never_decided_in_bulk(case: Case, manager: User) -> None:
    termination = make_termination(case)
    browser = signed_in(manager)
    page = browser.get("/approvals/").content.decode()
    at = round(termination.proposed_at.timestamp() * 1_000_000)
    form = {"item": f"termination:{termination.pk}:{at}", "verdict": "refuse",
            "confirmed": "1", "reason": "All of them"}  # fmt: skip

    forced = browser.post("/approvals/chosen/", form)

    termination.refresh_from_db()
    assert boxes(page) == []
    assert "art. 75c" in page
    assert forced.status_code == 422
    assert "art. 75c" in forced.content.decode()
    assert termination.status == "proposed"


def test_two_kinds_at_once_are_offered_one_after_the_other(mixed: list[str], manager: User) -> None:
    browser = signed_in(manager)
    ApprovalLimit.objects.all().delete()
    placements = boxes(browser.get("/approvals/", {"kind": "placement"}).content.decode())
    referral = Referral.objects.first()
    assert referral is not None
    at = round(referral.proposed_at.timestamp() * 1_000_000)
    chosen = {"item": [*placements, f"referral:{referral.pk}:{at}"], "verdict": "refuse"}

    answer = browser.post("/approvals/chosen/", {**chosen, "confirmed": "1", "reason": "x"})

    assert answer.status_code == 422
    assert "One kind at a time" in answer.content.decode()
    assert not Placement.objects.exclude(status="proposed").exists()


def test_an_empty_or_broken_choice_is_said(mixed: list[str], manager: User) -> None:
    browser = signed_in(manager)
    nothing = browser.post("/approvals/chosen/", {"verdict": "refuse"}, follow=True)
    broken = browser.post(
        "/approvals/chosen/", {"verdict": "refuse", "item": ["placement:x:1", "a"]}, follow=True
    )
    unknown = browser.post("/approvals/chosen/", {"verdict": "eat", "item": "placement:1:1"})

    assert "No row is chosen." in nothing.content.decode()
    assert "No row is chosen." in broken.content.decode()
    assert unknown.status_code == 404


def test_the_way_back_leads_to_our_own_pages_only(case: Case, manager: User) -> None:
    placement = make_placement(case)
    page = signed_in(manager).get(address_of(placement), {"next": "https://evil.example/"})
    links = re.findall(r'href="([^"]+)"', page.content.decode())

    assert not any(urlsplit(link).netloc for link in links)


def test_what_belongs_to_no_case_is_told_beside_the_list_to_who_may_decide_it(
    manager: User,
) -> None:
    anna = make_user("kasia", Role.MANAGER)
    strategy = Strategy.objects.create(key="cards")
    StrategyVersion.objects.create(
        strategy=strategy, number=1, status="proposed", source="", in_flight="stay",
        proposed_by=anna, proposed_at=AT,
    )  # fmt: skip
    assert "/strategies/cards/" in signed_in(manager).get("/approvals/").content.decode()
    assert "/strategies/cards/" not in signed_in(anna).get("/approvals/").content.decode()
