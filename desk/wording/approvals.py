"""What is proposed, and on what grounds, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.queries.approvals import ApprovalRow
from desk.wording.conditions import condition_groups, looked_in_grounds
from desk.wording.events import StepTitles
from escalation.queries.grounds import NextAfterRefusal
from escalation.strategy import AfterRefusal
from escalation.wording import step_title
from kernel.authority import RightMissing
from staff.authority import Authority, OverLimit, OwnProposal, ProposedByGiver, find_holder
from staff.figures import format_day, format_money
from staff.lifecycle import ApprovalKind, ProposalStatus

_NAMES: Final[dict[str, Promise]] = {
    "termination": _("Termination of the contract"),
    "agreement": _("Agreement"),
    "placement": _("Placement with an agency"),
    "referral": _("Referral to court"),
    "write_off": _("Write-off"),
    "write_off_batch": _("Small balances to write off"),
    "refund": _("Refund of an overpayment"),
    "charge": _("Fee or cost"),
}


def proposal_name(kind: str) -> str:
    return str(_NAMES.get(kind, kind))


#: After what day a decision comes too late; of the others, after the claim is time-barred.
_DEADLINES: Final[dict[str, Promise]] = {"agreement": _("First payment")}


def deadline_name(kind: str) -> str:
    """What the last day on which a decision still helps is."""
    return str(_DEADLINES.get(kind, _("Limitation")))


def ground_parts(grounds: Mapping[str, Any], titles: StepTitles) -> dict[str, Any]:
    """What the proposer saw: what a person wrote, or every condition the machine looked at."""
    key = str(grounds.get("strategy", ""))
    steps = {step: title for (strategy, step), title in titles.items() if strategy == key}
    return {
        "note": str(grounds.get("note") or ""),
        "groups": condition_groups(looked_in_grounds(grounds), steps),
    }


_STATUSES: Final[dict[ProposalStatus, tuple[str, Promise]]] = {
    ProposalStatus.PROPOSED: ("later", _("waits for a decision")),
    ProposalStatus.SENT_BACK: ("later", _("sent back to the proposer")),
    ProposalStatus.APPROVED: ("met", _("approved")),
    ProposalStatus.REFUSED: ("not", _("refused")),
    ProposalStatus.WITHDRAWN: ("na", _("withdrawn")),
}


#: Statuses of a kind's own that end a proposal before anybody decided it.
_ENDED: Final = {"recalled": ProposalStatus.WITHDRAWN}


def termination_status_name(status: str) -> Promise:
    return _STATUSES[ProposalStatus(status)][1]


def termination_status_shape(status: str) -> str:
    return _STATUSES[ProposalStatus(status)][0]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the reader decides a proposal, and in whose place or why not."""

    may_decide: bool
    shape: str
    word: str
    note: str = ""


def standing_of(row: ApprovalRow, authority: Authority) -> Standing:
    """By the authority of the reader; the operation looks again when it is decided."""
    if row.status != ProposalStatus.PROPOSED:
        status = _ENDED.get(row.status)
        if row.status in set(ProposalStatus):
            status = ProposalStatus(row.status)
        name = _STATUSES[status][1] if status else _STATUSES[ProposalStatus.APPROVED][1]
        shape = _STATUSES[status][0] if status else "met"
        return Standing(may_decide=False, shape=shape, word=_capital(str(name)))
    try:
        holder = find_holder(
            authority,
            kind=ApprovalKind(row.kind),
            amounts={row.currency: row.amount_minor},
            proposed_by_id=row.proposed_by_id,
            team_id=row.team_id,
        )
    except OwnProposal:
        return _not_yours(gettext("Your own"), gettext("somebody else decides"))
    except ProposedByGiver as error:
        note = gettext("%(giver)s proposed it") % {"giver": error.values["giver"]}
        return _not_yours(gettext("Not yours"), note)
    except OverLimit as error:
        limit = format_money(error.values["limit_minor"], error.values["currency"])
        note = gettext("yours is %(limit)s") % {"limit": limit}
        return _not_yours(gettext("Above the limit"), note)
    except RightMissing:
        return _not_yours(gettext("To be seen only"), gettext("by your role"))
    if holder is authority.own:
        return Standing(may_decide=True, shape="now", word=gettext("You may decide"))
    note = gettext("for %(name)s") % {"name": holder.name}
    return Standing(may_decide=True, shape="now", word=gettext("You may decide"), note=note)


def _not_yours(word: str, note: str) -> Standing:
    return Standing(may_decide=False, shape="na", word=word, note=note)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


#: What becomes of the cases, for the preview of several decisions.
_CONSEQUENCES: Final[dict[tuple[str, str], Promise]] = {
    ("placement", "approve"): _(
        "The cases leave our own hands and go to an agency with its next file."
    ),
    ("referral", "approve"): _("The cases leave our own hands and wait for a claim to be filed."),
    ("agreement", "approve"): _(
        "The agreements come into force; what is paid from now on counts towards the instalments."
    ),
}
_OTHERWISE: Final[dict[str, Promise]] = {
    "refuse": _("The cases go on as their strategies say, and whoever handles them is told why."),
    "send_back": _(
        "They go back to be put right. The cases stay on hold until they are proposed again"
        " or withdrawn."
    ),
}


def consequence_text(kind: str, move: str) -> str:
    return str(_CONSEQUENCES.get((kind, move)) or _OTHERWISE[move])


def after_refusal_text(following: NextAfterRefusal | None, *, by_person: bool) -> str:
    """When the step may be proposed again, by what the strategy says."""
    if by_person:
        return gettext("A person proposed it and may propose it again at any time.")
    if following is None:
        return gettext("The case is no longer on the strategy that proposed it.")
    if following.again_on is not None:
        day = format_day(following.again_on)
        return gettext("The strategy may propose it again on %(day)s.") % {"day": day}
    if following.then is AfterRefusal.GO_ON:
        if following.next_step is None:
            return gettext("The strategy does not propose it again; it was its last step.")
        return gettext("The strategy does not propose it again and goes on to: %(step)s.") % {
            "step": step_title(following.next_step)
        }
    return gettext(
        "The strategy does not propose it again and stops here; a person may propose it."
    )


_TITLES: Final[dict[str, Promise]] = {
    "approve": _("Grant several proposals"),
    "refuse": _("Refuse several proposals"),
    "send_back": _("Send several proposals back"),
}


def preview_title(move: str) -> str:
    return str(_TITLES[move])


_ONE_BY_ONE: Final[dict[str, Promise]] = {
    "termination": _(
        "Terminations are decided one by one: art. 75c of the Banking Act asks of each whether"
        " the notice was delivered, its term has run and a request for restructuring was answered."
    ),
}
_MONEY_ONE_BY_ONE: Final = _(
    "Write-offs, refunds and charges are decided one by one: each has a reason of its own."
)


def never_in_bulk_text(kinds: Iterable[str]) -> str:
    """Why those of these kinds are never decided several at once."""
    found = {str(_ONE_BY_ONE.get(kind, _MONEY_ONE_BY_ONE)): None for kind in sorted(kinds)}
    return " ".join(found)
