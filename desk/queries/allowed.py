"""What the guard says about a case, act by act, and about the phone for a page of cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from agencies.placeable import check_placeable
from agencies.queries import list_placement_facts
from cases.lifecycle import Handler
from contacts.guard import (
    Allowed,
    PersonFacts,
    Purpose,
    Refused,
    Rule,
    Verdict,
    may_contact,
    may_terminate,
)
from contacts.policy import policy_on
from contacts.queries import get_person_facts
from courts.claimable import check_referable
from courts.queries import get_referral_facts
from debtors.lifecycle import Channel
from kernel.calendar import POLAND
from kernel.clock import legal_day
from kernel.errors import DomainError


class Act(StrEnum):
    """What a person or the machine might want to do to the debtor now."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    TERMINATE = "terminate"
    PLACE = "place"
    REFER = "refer"


_PURPOSES: Final = {
    Act.PHONE: (Channel.PHONE, Purpose.TALK),
    Act.SMS: (Channel.SMS, Purpose.DEMAND),
    Act.EMAIL: (Channel.EMAIL, Purpose.DEMAND),
    Act.LETTER: (Channel.LETTER, Purpose.DEMAND),
    Act.VISIT: (Channel.VISIT, Purpose.TALK),
}


class ActVerdict(NamedTuple):
    """A refused placement or referral says why by the error of its own app."""

    act: Act
    verdict: Verdict | DomainError


@dataclass(frozen=True, slots=True)
class CaseVerdicts:
    """Every act with what stands against it at the moment; ``facts`` is what was looked at."""

    facts: PersonFacts
    acts: list[ActVerdict]
    at: datetime

    def of(self, act: Act) -> Verdict | DomainError:
        return next(verdict for each, verdict in self.acts if each is act)

    def by_phone(self, *, reachable: bool) -> Verdict:
        """May somebody else on the debts be called, who has a number or has none?"""
        return _verdict(
            replace(self.facts, reachable=reachable), Channel.PHONE, Purpose.TALK, self.at
        )


def get_case_verdicts(
    *, case_id: int, reachable: Collection[Channel], at: datetime
) -> CaseVerdicts:
    """``reachable`` are the channels for which the debtor has something that can be used."""
    on = legal_day(at)
    facts = get_person_facts(case_ids=[case_id], on=on)[case_id]
    verdicts = [
        ActVerdict(
            act, _verdict(replace(facts, reachable=channel in reachable), channel, purpose, at)
        )
        for act, (channel, purpose) in _PURPOSES.items()
    ]
    terminate = may_terminate(facts=facts, on=on, calendar=POLAND)
    return CaseVerdicts(
        facts,
        [
            *verdicts,
            ActVerdict(Act.TERMINATE, terminate),
            ActVerdict(Act.PLACE, _placement(case_id, facts, on)),
            ActVerdict(Act.REFER, _referral(case_id, facts, on)),
        ],
        at,
    )


def _placement(case_id: int, facts: PersonFacts, on: date) -> Verdict | DomainError:
    found = list_placement_facts(case_ids=[case_id], on=on)[case_id]
    if facts.handled_by is not Handler.HOUSE:
        return _elsewhere(facts)
    try:
        check_placeable(found, by_strategy=False)
    except DomainError as error:
        return error
    return Allowed()


def _referral(case_id: int, facts: PersonFacts, on: date) -> Verdict | DomainError:
    found = get_referral_facts(case_id=case_id, on=on)
    if facts.handled_by is not Handler.HOUSE:
        return _elsewhere(facts)
    try:
        check_referable(found)
    except DomainError as error:
        return error
    return Allowed()


def _elsewhere(facts: PersonFacts) -> Refused:
    return Refused(Rule.HANDLED_ELSEWHERE, {"handled_by": facts.handled_by})


def list_phone_verdicts(*, case_ids: Collection[int], at: datetime) -> Mapping[int, Verdict]:
    """By case: may the debtor be called now?"""
    facts = get_person_facts(case_ids=list(case_ids), on=legal_day(at))
    return {
        case_id: _verdict(of_case, Channel.PHONE, Purpose.TALK, at)
        for case_id, of_case in facts.items()
    }


def _verdict(facts: PersonFacts, channel: Channel, purpose: Purpose, at: datetime) -> Verdict:
    return may_contact(
        facts=facts,
        channel=channel,
        at=at,
        purpose=purpose,
        policy=policy_on(legal_day(at)),
        calendar=POLAND,
    )
