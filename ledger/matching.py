"""For which debt a payment is: certain, likely, or for a person to find out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from ledger.lifecycle import NameKind

#: How sure a name is, in percent; only a certain match posts by itself.
_SURE: Final = {
    NameKind.VIRTUAL_ACCOUNT: 100,
    NameKind.CONTRACT: 98,
    NameKind.CASE: 97,
    NameKind.SENDER: 60,
}
CERTAIN: Final = 95
#: A sender whom people have confirmed so often is likely enough to be proposed first.
_CONFIRMATION: Final = 10
_MOST_OF_A_SENDER: Final = 90


class Verdict(StrEnum):
    POST = "post"
    PROPOSE = "propose"
    SUSPEND = "suspend"


class Candidate(NamedTuple):
    """An account that a name of the payment fits."""

    account_id: int
    kind: NameKind
    found_in: str
    currency: str
    confirmed: int = 0


class Reason(NamedTuple):
    """``code`` is what was found or what is missing; ``percent`` how sure that makes it."""

    code: str
    found_in: str
    percent: int


class Match(NamedTuple):
    """``account_ids`` is one for POST; several where a person has to choose or to split."""

    verdict: Verdict
    account_ids: tuple[int, ...]
    percent: int
    reasons: tuple[Reason, ...]


def decide_match(candidates: Sequence[Candidate], *, currency: str, is_return: bool) -> Match:
    """The surest kind of name decides; what contradicts it makes a person look."""
    if is_return:
        return _suspended("returned_payment")
    fitting = [one for one in candidates if one.currency == currency]
    if not fitting:
        return _suspended("another_currency" if candidates else "nothing_known")
    surest = next(kind for kind in NameKind if any(one.kind is kind for one in fitting))
    named = [one for one in fitting if one.kind is surest]
    accounts = tuple(sorted({one.account_id for one in named}))
    percent = max(_percent(one) for one in named)
    reasons = [Reason(surest.value, named[0].found_in, percent)]
    others = {
        one.account_id
        for one in fitting
        if one.kind is not surest and one.kind is not NameKind.SENDER
    }
    if others - set(accounts):
        reasons.append(Reason("names_disagree", named[0].found_in, 0))
        return Match(Verdict.PROPOSE, tuple(sorted({*accounts, *others})), 50, tuple(reasons))
    if len(accounts) > 1:
        reasons.append(Reason("several_debts", named[0].found_in, 0))
        return Match(Verdict.PROPOSE, accounts, min(percent, CERTAIN - 1), tuple(reasons))
    verdict = Verdict.POST if percent >= CERTAIN else Verdict.PROPOSE
    return Match(verdict, accounts, percent, tuple(reasons))


def _percent(candidate: Candidate) -> int:
    sure = _SURE[candidate.kind]
    if candidate.kind is NameKind.SENDER:
        return min(sure + _CONFIRMATION * candidate.confirmed, _MOST_OF_A_SENDER)
    return sure


def _suspended(code: str) -> Match:
    return Match(Verdict.SUSPEND, (), 0, (Reason(code, "", 0),))
