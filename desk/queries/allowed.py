"""What the guard says about a case, act by act, and about the phone for a page of cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from contacts.guard import PersonFacts, Purpose, Verdict, may_contact, may_terminate
from contacts.policy import policy_on
from contacts.queries import get_person_facts
from debtors.lifecycle import Channel
from kernel.calendar import POLAND
from kernel.clock import legal_day


class Act(StrEnum):
    """What a person or the machine might want to do to the debtor now."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    TERMINATE = "terminate"


_PURPOSES: Final = {
    Act.PHONE: (Channel.PHONE, Purpose.TALK),
    Act.SMS: (Channel.SMS, Purpose.DEMAND),
    Act.EMAIL: (Channel.EMAIL, Purpose.DEMAND),
    Act.LETTER: (Channel.LETTER, Purpose.DEMAND),
    Act.VISIT: (Channel.VISIT, Purpose.TALK),
}


class ActVerdict(NamedTuple):
    act: Act
    verdict: Verdict


def list_act_verdicts(*, case_id: int, at: datetime) -> list[ActVerdict]:
    """Every act with what stands against it now."""
    on = legal_day(at)
    facts = get_person_facts(case_ids=[case_id], on=on)[case_id]
    verdicts = [
        ActVerdict(act, _verdict(facts, channel, purpose, at))
        for act, (channel, purpose) in _PURPOSES.items()
    ]
    terminate = may_terminate(facts=facts, on=on, calendar=POLAND)
    return [*verdicts, ActVerdict(Act.TERMINATE, terminate)]


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
