"""Terms as a person asks for them: their schedule, and what of it needs a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.queries import get_case
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.errors import NotAllowed
from kernel.money import Money
from negotiations.policy import Excess, Policy, check_bounds, list_excesses, policy_on
from negotiations.queries.agreements import get_case_figures
from negotiations.schedule import Schedule, Terms, build_schedule
from staff.models import User
from staff.queries import get_approval_limit
from staff.rights import Role


class NegotiatedByPeopleOnly(NotAllowed):
    code = "negotiated_by_people_only"


@dataclass(frozen=True, slots=True)
class CheckedTerms:
    """``excesses`` names the limits of the proposer that the terms go beyond."""

    schedule: Schedule
    policy: Policy
    excesses: tuple[Excess, ...]

    @property
    def needs_approval(self) -> bool:
        return bool(self.excesses)


def get_checked_terms(*, total: Money, terms: Terms, on: date, actor: Actor) -> CheckedTerms:
    """Raises InvalidTerms, OutsidePolicy, NoPolicyOnDay."""
    policy = policy_on(on)
    schedule = build_schedule(total=total, terms=terms, calendar=POLAND)
    check_bounds(policy=policy, schedule=schedule, on=on)
    role = _role_of(actor)
    found = list_excesses(policy=policy, role=role, kind=terms.kind, schedule=schedule, on=on)
    laid_down = get_approval_limit(role=Role(role), kind="agreement", currency=total.currency)
    limit = policy.at_once_minor(role, total.currency) if laid_down is None else laid_down
    if total.minor > limit:
        found.append(Excess("amount", str(Money(limit, total.currency)), str(total)))
    return CheckedTerms(schedule, policy, tuple(found))


def _role_of(actor: Actor) -> str:
    """Raises NegotiatedByPeopleOnly for the machine and for API clients."""
    if actor.user_id is None:
        raise NegotiatedByPeopleOnly
    return User.objects.values_list("role", flat=True).get(pk=actor.user_id)


def get_terms_preview(
    *, case_id: int, currency: str, terms: Terms, on: date, actor: Actor
) -> CheckedTerms:
    """The schedule of the terms over what is due on the case now, and what would need approval.

    Raises InvalidTerms, OutsidePolicy, CaseNotFound.
    """
    get_case(case_id=case_id, actor=actor)
    figures = get_case_figures(case_id=case_id, currency=currency)
    return get_checked_terms(total=figures.due, terms=terms, on=on, actor=actor)
