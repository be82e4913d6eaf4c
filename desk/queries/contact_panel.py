"""What the panel for logging a contact stands on, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cases.models import Case
from contacts.guard import PersonFacts, Purpose, Verdict, may_contact
from contacts.models import ContactDraft
from contacts.policy import ContactPolicy, policy_on
from contacts.promise_rules import PromiseLimits
from contacts.queries import get_contact_draft, get_person_facts, get_promise_limits
from debtors.lifecycle import Channel, ContactPointKind, DebtorKind, PartyRole
from debtors.models import ContactPoint, Debtor, DebtParty
from escalation.lifecycle import EnrolmentStatus
from escalation.models import Enrolment
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.clock import legal_day

#: The order of roles in which people are offered.
_ROLES: Final = tuple(PartyRole)
_POINT_ORDER: Final = (
    ContactPointKind.MOBILE,
    ContactPointKind.LANDLINE,
    ContactPointKind.EMAIL,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers for a debt of the case, in the first of their roles."""

    id: int
    name: str
    short_name: str
    role: PartyRole


@dataclass(frozen=True, slots=True)
class Point:
    """A number or mailbox that may be used."""

    id: int
    person_id: int
    kind: ContactPointKind
    value: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How often the debtor was reached for, and how often the policy allows it."""

    conversations_today: int
    attempts_today: int
    attempts_in_window: int
    policy: ContactPolicy


@dataclass(frozen=True, slots=True)
class ContactPanel:
    """``verdicts`` are about what goes out from us, by channel, at ``at``."""

    at: datetime
    people: Sequence[Person]
    points: Sequence[Point]
    verdicts: Mapping[Channel, Verdict]
    budget: Budget
    limits: PromiseLimits
    next_look_on: date | None
    draft: ContactDraft | None

    @property
    def currency(self) -> str:
        """The one in which most is overdue."""
        due = self.limits.due_minor
        return max(due, key=lambda currency: due[currency]) if due else "PLN"

    def person(self, person_id: int | None) -> Person | None:
        return next((person for person in self.people if person.id == person_id), None)

    def loses_last_phone(self, point_id: int | None, main_id: int) -> bool:
        """Is the number the last phone of the main debtor?"""
        phones = [
            point.id
            for point in self.points
            if point.person_id == main_id and point.kind is not ContactPointKind.EMAIL
        ]
        return point_id is not None and phones == [point_id]


def get_contact_panel(*, case: Case, actor: Actor, at: datetime) -> ContactPanel:
    """For who may log contacts; everything as it stands at ``at``."""
    on = legal_day(at)
    policy = policy_on(on)
    facts = get_person_facts(case_ids=[case.pk], on=on)[case.pk]
    people = _people(case)
    return ContactPanel(
        at=at,
        people=people,
        points=_points([person.id for person in people]),
        verdicts={channel: _verdict(facts, channel, at, policy) for channel in Channel},
        budget=_budget(facts, on, policy),
        limits=get_promise_limits(case=case, on=on, actor=actor),
        next_look_on=Enrolment.objects.filter(case=case, status=EnrolmentStatus.ACTIVE)
        .values_list("next_due_on", flat=True)
        .first(),
        draft=get_contact_draft(case_id=case.pk, actor=actor),
    )


def _people(case: Case) -> list[Person]:
    debts = DebtParty.objects.filter(debtor_id=case.debtor_id, role=PartyRole.MAIN_DEBTOR)
    parties = DebtParty.objects.filter(debt__in=debts.values("debt_id")).select_related("debtor")
    found = {case.debtor_id: _person(case.debtor, PartyRole.MAIN_DEBTOR)}
    ordered = sorted(parties, key=lambda p: (_ROLES.index(PartyRole(p.role)), p.debtor.sort_key))
    for party in ordered:
        found.setdefault(party.debtor_id, _person(party.debtor, PartyRole(party.role)))
    return list(found.values())


def _person(debtor: Debtor, role: PartyRole) -> Person:
    short = debtor.display_name
    if debtor.kind == DebtorKind.PERSON and debtor.first_name and debtor.last_name:
        short = f"{debtor.first_name} {debtor.last_name[0]}."
    return Person(debtor.pk, debtor.display_name, short, role)


def _points(person_ids: Sequence[int]) -> list[Point]:
    rows = ContactPoint.objects.filter(debtor_id__in=person_ids, is_usable=True)
    points = [
        Point(pk, person_id, ContactPointKind(kind), value)
        for pk, person_id, kind, value in rows.values_list("id", "debtor_id", "kind", "value")
    ]
    order = {person_id: place for place, person_id in enumerate(person_ids)}
    return sorted(points, key=lambda p: (order[p.person_id], _POINT_ORDER.index(p.kind), p.id))


def _verdict(facts: PersonFacts, channel: Channel, at: datetime, policy: ContactPolicy) -> Verdict:
    return may_contact(
        facts=facts,
        channel=channel,
        at=at,
        purpose=Purpose.TALK,
        policy=policy,
        calendar=POLAND,
    )


def _budget(facts: PersonFacts, on: date, policy: ContactPolicy) -> Budget:
    today = [attempt for attempt in facts.attempts if attempt.on == on]
    first = on - timedelta(days=policy.window_days - 1)
    return Budget(
        conversations_today=sum(attempt.conversation for attempt in today),
        attempts_today=len(today),
        attempts_in_window=sum(first <= attempt.on <= on for attempt in facts.attempts),
        policy=policy,
    )
