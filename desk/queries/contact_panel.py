"""What the panel for logging a contact stands on, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cases.models import Case
from cases.queries import CurrencyFigures, get_case_figures
from contacts.guard import PersonFacts, Purpose, Verdict, may_contact
from contacts.models import ContactDraft, Promise
from contacts.policy import ContactPolicy, policy_on
from contacts.promise_rules import PromiseLimits
from contacts.queries import get_contact_draft, get_person_facts, get_promise_limits
from debtors.lifecycle import Channel, ContactPointKind, DebtorKind, PartyRole
from debtors.models import ContactPoint, Debtor, DebtParty
from desk.queries.case_page import MOST_PROMISES, CaseFile
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


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page that shows the whole case has read already. ``promises`` is None where there
    are more than the page looks at."""

    parties: Sequence[DebtParty]
    points: Sequence[ContactPoint]
    facts: PersonFacts
    figures: Sequence[CurrencyFigures]
    promises: Sequence[Promise] | None
    next_look_on: date | None


def get_ground(*, file: CaseFile, facts: PersonFacts, next_look_on: date | None) -> Ground:
    return Ground(
        parties=file.parties,
        points=[point for point in file.points_of_all if point.is_usable],
        facts=facts,
        figures=[
            CurrencyFigures(total.currency, total.due_minor, total.outstanding_minor, None, 0)
            for total in file.totals
        ],
        promises=file.promises if len(file.promises) < MOST_PROMISES else None,
        next_look_on=next_look_on,
    )


def get_contact_panel(
    *, case: Case, actor: Actor, at: datetime, ground: Ground | None = None
) -> ContactPanel:
    """For who may log contacts; everything as it stands at ``at``."""
    on = legal_day(at)
    policy = policy_on(on)
    known = ground or _ground(case, on)
    people = _people(case, known.parties)
    return ContactPanel(
        at=at,
        people=people,
        points=_points(known.points, [person.id for person in people]),
        verdicts={channel: _verdict(known.facts, channel, at, policy) for channel in Channel},
        budget=_budget(known.facts, on, policy),
        limits=get_promise_limits(
            case=case, on=on, actor=actor, figures=known.figures, promises=known.promises
        ),
        next_look_on=known.next_look_on,
        draft=get_contact_draft(case_id=case.pk, actor=actor),
    )


def _ground(case: Case, on: date) -> Ground:
    debts = DebtParty.objects.filter(debtor_id=case.debtor_id, role=PartyRole.MAIN_DEBTOR)
    parties = list(
        DebtParty.objects.filter(debt__in=debts.values("debt_id")).select_related("debtor")
    )
    people = {case.debtor_id, *(party.debtor_id for party in parties)}
    active = Enrolment.objects.filter(case=case, status=EnrolmentStatus.ACTIVE)
    return Ground(
        parties=parties,
        points=list(ContactPoint.objects.filter(debtor_id__in=people, is_usable=True)),
        facts=get_person_facts(case_ids=[case.pk], on=on)[case.pk],
        figures=get_case_figures(case_id=case.pk),
        promises=None,
        next_look_on=active.values_list("next_due_on", flat=True).first(),
    )


def _people(case: Case, parties: Sequence[DebtParty]) -> list[Person]:
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


def _points(points: Sequence[ContactPoint], person_ids: Sequence[int]) -> list[Point]:
    """Everybody's in their order, a mobile first."""
    found = [Point(p.pk, p.debtor_id, ContactPointKind(p.kind), p.value) for p in points]
    order = {person_id: place for place, person_id in enumerate(person_ids)}
    return sorted(found, key=lambda p: (order[p.person_id], _POINT_ORDER.index(p.kind), p.id))


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
