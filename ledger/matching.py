"""For which debt a payment is: certain, likely, or for a person to find out. Pure.

What the payment names decides. Who sent it and how much it is make a debt likely, never certain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from ledger.lifecycle import NameKind

#: How sure a name is, in percent; only a certain match posts by itself.
_SURE: Final = {
    NameKind.VIRTUAL_ACCOUNT: 100,
    NameKind.CONTRACT: 98,
    NameKind.CASE: 97,
    NameKind.SENDER: 60,
    NameKind.HOLDER: 50,
}
CERTAIN: Final = 95
#: Kinds that the payer wrote to say which debt they mean.
REFERENCES: Final = frozenset({NameKind.VIRTUAL_ACCOUNT, NameKind.CONTRACT, NameKind.CASE})
#: A sender whom people have confirmed so often is likely enough to be proposed first.
_CONFIRMATION: Final = 10
_MOST_OF_A_SENDER: Final = 90
#: The holder's name in the title, where another person pays.
_NAME_IN_TITLE: Final = 40
_NAME_BESIDE_SENDER: Final = 10
#: A number that may be an amount or a day as well.
_NUMBER_BY_CHANCE: Final = 40
_FITTING_AMOUNT: Final = 25
#: A name alone that so many share says nothing.
MOST_OF_A_NAME: Final = 5


class Verdict(StrEnum):
    POST = "post"
    PROPOSE = "propose"
    SUSPEND = "suspend"


class Candidate(NamedTuple):
    """An account that a name of the payment fits, with what is due on it.

    ``expected`` are amounts that were agreed for it, open instalments. Where it is named
    ``by_chance``, what names it is a number that may mean something else.
    """

    account_id: int
    kind: NameKind
    found_in: str
    currency: str
    confirmed: int = 0
    due_minor: int = 0
    outstanding_minor: int = 0
    due_since: date | None = None
    expected: tuple[int, ...] = ()
    by_chance: bool = False

    @property
    def is_reference(self) -> bool:
        return self.kind in REFERENCES and not self.by_chance


class Reason(NamedTuple):
    """``code`` is what was found or what is missing; ``percent`` how sure that makes it."""

    code: str
    found_in: str
    percent: int


class Match(NamedTuple):
    """``account_ids`` are for a person to choose from, the likeliest first.

    ``shares`` says how much is for which account: what is posted, or proposed as a split.
    """

    verdict: Verdict
    account_ids: tuple[int, ...]
    percent: int
    reasons: tuple[Reason, ...]
    shares: Mapping[int, int] = {}


def decide_match(
    candidates: Sequence[Candidate],
    *,
    amount_minor: int,
    currency: str,
    strangers: Collection[int] = (),
) -> Match:
    """The surest kind of name decides; what contradicts it makes a person look.

    ``strangers`` are the accounts whose holders the sender is not, as far as names tell.
    """
    fitting = [one for one in candidates if one.currency == currency]
    named = [one for one in fitting if one.is_reference]
    elsewhere = [one for one in candidates if one.currency != currency and one.is_reference]
    if not named and (elsewhere or (candidates and not fitting)):
        accounts = tuple(sorted({one.account_id for one in elsewhere or candidates}))
        return Match(Verdict.SUSPEND, accounts, 0, (Reason("another_currency", "", 0),))
    if named:
        match = _by_reference(named, amount_minor)
        match = _with_doubt(match, [one for one in fitting if one.by_chance])
        return _with_stranger(match, strangers)
    return _by_likeness(fitting, amount_minor)


def split_over(amount_minor: int, dues: Iterable[tuple[int, int]]) -> dict[int, int]:
    """What is due on each account in the given order; what is left over goes to the last one."""
    in_order = list(dues)
    shares: dict[int, int] = {}
    left = amount_minor
    for place, (account_id, due_minor) in enumerate(in_order):
        is_last = place == len(in_order) - 1
        part = left if is_last else min(left, max(due_minor, 0))
        if part > 0:
            shares[account_id] = shares.get(account_id, 0) + part
            left -= part
    return shares


def _by_reference(named: Sequence[Candidate], amount_minor: int) -> Match:
    surest = next(kind for kind in NameKind if any(one.kind is kind for one in named))
    chosen = {one.account_id: one for one in named if one.kind is surest}
    first = next(iter(chosen.values()))
    percent = _SURE[surest]
    reasons = [Reason(surest.value, first.found_in, percent)]
    accounts = tuple(sorted(chosen))
    if _disagree(set(chosen), named):
        others = {one.account_id for one in named}
        reasons.append(Reason("names_disagree", first.found_in, 0))
        return Match(Verdict.PROPOSE, tuple(sorted({*chosen, *others})), 50, tuple(reasons))
    if len(accounts) == 1:
        return Match(Verdict.POST, accounts, percent, tuple(reasons), {accounts[0]: amount_minor})
    return _over_several(surest, chosen, amount_minor, reasons)


def _disagree(chosen: Set[int], named: Sequence[Candidate]) -> bool:
    """A case stands for all its debts, so that a surer name beside it only narrows it."""
    for kind in REFERENCES:
        its = {one.account_id for one in named if one.kind is kind}
        narrows = kind is NameKind.CASE and chosen <= its
        if not its <= chosen and not narrows:
            return True
    return False


def _over_several(
    surest: NameKind, chosen: Mapping[int, Candidate], amount_minor: int, reasons: list[Reason]
) -> Match:
    """One transfer for several debts: split where its amount says how, else proposed."""
    in_order = sorted(chosen.values(), key=_longest_due)
    shares = split_over(amount_minor, ((one.account_id, one.due_minor) for one in in_order))
    accounts = tuple(one.account_id for one in in_order)
    agreed = set.intersection(*(set(one.expected) for one in in_order))
    if amount_minor in agreed:
        reasons.append(Reason("split_by_agreement", "amount", CERTAIN))
        return Match(Verdict.POST, accounts, CERTAIN, tuple(reasons), shares)
    if amount_minor == sum(one.due_minor for one in in_order) and len(shares) == len(accounts):
        reasons.append(Reason("pays_all_named", "amount", CERTAIN))
        return Match(Verdict.POST, accounts, CERTAIN, tuple(reasons), shares)
    reasons.append(Reason("several_debts", in_order[0].found_in, 0))
    percent = min(_SURE[surest], CERTAIN - 1)
    return Match(Verdict.PROPOSE, accounts, percent, tuple(reasons), shares)


def _with_doubt(match: Match, by_chance: Sequence[Candidate]) -> Match:
    """A number that may name another debt beside the one that is named makes a person look."""
    others = [one for one in by_chance if one.account_id not in match.account_ids]
    if match.verdict is not Verdict.POST or not others:
        return match
    accounts = (*match.account_ids, *sorted({one.account_id for one in others}))
    doubt = Reason("number_by_chance", others[0].found_in, 0)
    return Match(Verdict.PROPOSE, accounts, CERTAIN - 1, (*match.reasons, doubt))


def _with_stranger(match: Match, strangers: Collection[int]) -> Match:
    """Anybody may pay for anybody (KC 356 § 2); a person who looks wants to know it."""
    if match.account_ids and set(match.account_ids) <= set(strangers):
        return match._replace(reasons=(*match.reasons, Reason("third_party", "party_name", 0)))
    return match


class _Likely(NamedTuple):
    candidate: Candidate
    percent: int
    reasons: tuple[Reason, ...]


def _by_likeness(fitting: Sequence[Candidate], amount_minor: int) -> Match:
    by_account: dict[int, list[Candidate]] = {}
    for one in fitting:
        by_account.setdefault(one.account_id, []).append(one)
    likely = [_likely(its, amount_minor) for its in by_account.values()]
    likely.sort(key=lambda one: (-one.percent, *_longest_due(one.candidate)))
    if not likely:
        return Match(Verdict.SUSPEND, (), 0, (Reason("nothing_known", "", 0),))
    best = likely[0]
    equals = [one for one in likely if one.percent == best.percent]
    if len(equals) > MOST_OF_A_NAME:
        return Match(
            Verdict.SUSPEND, (), 0, (Reason("name_too_common", best.reasons[0].found_in, 0),)
        )
    accounts = tuple(one.candidate.account_id for one in likely[:MOST_OF_A_NAME])
    reasons, shares = best.reasons, {}
    if len(equals) > 1:
        reasons = (*reasons, Reason("several_debts", reasons[0].found_in, 0))
        dues = [(one.candidate.account_id, one.candidate.due_minor) for one in equals]
        if amount_minor == sum(due for _, due in dues):
            shares = split_over(amount_minor, dues)
    return Match(Verdict.PROPOSE, accounts, best.percent, reasons, shares)


def _likely(its: Sequence[Candidate], amount_minor: int) -> _Likely:
    """Sender, name and amount together; never so much that it would be certain."""
    reasons = sorted(
        (Reason(_code(one), one.found_in, _percent(one)) for one in its),
        key=lambda reason: -reason.percent,
    )[:2]
    percent = reasons[0].percent + (_NAME_BESIDE_SENDER if len(reasons) > 1 else 0)
    fits = _fitting_amount(its[0], amount_minor)
    if fits:
        reasons.append(Reason(fits, "amount", _FITTING_AMOUNT))
        percent += _FITTING_AMOUNT
    return _Likely(its[0], min(percent, CERTAIN - 1), tuple(reasons))


def _fitting_amount(candidate: Candidate, amount_minor: int) -> str:
    if amount_minor in candidate.expected:
        return "amount_is_instalment"
    if amount_minor == candidate.due_minor:
        return "amount_is_due"
    return "amount_is_all" if amount_minor == candidate.outstanding_minor else ""


def _code(candidate: Candidate) -> str:
    if candidate.by_chance:
        return "number_by_chance"
    if candidate.kind is NameKind.HOLDER and candidate.found_in == "title":
        return "holder_in_title"
    return candidate.kind.value


def _percent(candidate: Candidate) -> int:
    if candidate.by_chance:
        return _NUMBER_BY_CHANCE
    sure = _SURE[candidate.kind]
    if candidate.kind is NameKind.SENDER:
        return min(sure + _CONFIRMATION * candidate.confirmed, _MOST_OF_A_SENDER)
    if candidate.found_in == "title" and candidate.kind is NameKind.HOLDER:
        return _NAME_IN_TITLE
    return sure


def _longest_due(candidate: Candidate) -> tuple[date, int]:
    return candidate.due_since or date.max, candidate.account_id
