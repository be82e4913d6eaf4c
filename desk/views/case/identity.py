"""Who the case is about, and whether it is they who are on the telephone.

Details are masked until the caller's identity has been confirmed. That is kept in the session of
the officer for one case: until the call is over, the officer signs out, or opens another case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from debtors.identifiers import IDENTIFIERS, born_on, opened
from debtors.identity import LEAST_NAMED
from debtors.lifecycle import ContactPointKind, IdentityItem
from debtors.models import Address, ContactPoint, Debtor
from debtors.operations import IdentityConfirmed
from debtors.queries import list_comparable_items
from debtors.wording import identity_item_name
from desk.forms.fields import WrittenDayField
from desk.queries.contact_panel import Point
from desk.views.case.callers import Caller, find_caller
from kernel import clock
from staff.access import StaffRequest
from staff.figures import (
    format_day,
    format_phone,
    mask_address,
    mask_day,
    mask_email,
    mask_identifier,
    mask_phone,
)
from staff.rights import Right

_KEY: Final = "confirmed_call"


@dataclass(frozen=True, slots=True)
class Call:
    """The caller is known to be this person on the debts of the case, until an instant.

    ``debt_ids`` are those of which it was noted that they may be told.
    """

    person_id: int
    debt_ids: frozenset[int]
    named: tuple[IdentityItem, ...]
    until: datetime

    @property
    def named_text(self) -> str:
        return ", ".join(str(identity_item_name(item)) for item in self.named)


def begin_call(
    request: StaffRequest, case: Case, caller: Caller, confirmed: IdentityConfirmed
) -> None:
    request.session[_KEY] = {
        "case": case.pk,
        "person": caller.debtor.pk,
        "debts": caller.debt_ids,
        "named": list(confirmed.named),
        "until": confirmed.until.isoformat(),
    }


def end_call(request: StaffRequest) -> None:
    request.session.pop(_KEY, None)


def current_call(request: StaffRequest, case: Case) -> Call | None:
    """The confirmed call about this case; one about another case ends here."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    until = datetime.fromisoformat(kept["until"])
    if kept["case"] != case.pk or until <= clock.now():
        end_call(request)
        return None
    person_id, debt_ids = kept.get("person", case.debtor_id), frozenset(kept.get("debts", ()))
    return Call(person_id, debt_ids, tuple(map(IdentityItem, kept["named"])), until)


def debtors_own_call(request: StaffRequest, case: Case) -> Call | None:
    """The confirmed call, if it is the debtor of the case who calls."""
    call = current_call(request, case)
    return call if call and call.person_id == case.debtor_id else None


class _SaidDayField(WrittenDayField):
    """A day as it is typed while somebody says it."""

    input_formats = ("%d.%m.%Y", "%d %m %Y", "%d-%m-%Y", "%d/%m/%Y", "%d%m%Y", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a caller may name, with its key."""

    item: IdentityItem
    key: str
    shown: str
    is_ticked: bool
    takes_focus: bool

    @property
    def name(self) -> str:
        return str(identity_item_name(self.item))

    @property
    def is_typed(self) -> bool:
        return self.item is IdentityItem.BORN_ON


class IdentityForm(forms.Form):
    """Each choice carries the part that the officer may see, to compare the answer with; the day
    of birth is typed as the caller says it and compared here, since the year alone tells little.

    ``asked`` is the id of whoever the caller says to be, as it was sent; empty: the debtor of the
    case. ``chosen`` is None where nobody of that id answers for the debts (any more): then nothing
    may be compared.
    """

    named = forms.MultipleChoiceField(
        label=_("The caller named"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    born = _SaidDayField(label=_("Date of birth"), required=False)

    def __init__(
        self, *args: Any, callers: Sequence[Caller], asked: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "verify-%s", **options})
        self.asked = asked
        self.callers = callers
        self.chosen = find_caller(callers, asked) if asked else callers[0]
        self.items = _items(self.chosen) if self.chosen else []
        choice = self.fields["named"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (item, identity_item_name(item))
            for item in self.items
            if item is not IdentityItem.BORN_ON
        ]
        if self.is_bound:
            self.fields["born"].widget.attrs["autofocus"] = True
        self.fields["born"].widget.attrs |= {"data-key": "1", "placeholder": _("dd.mm.yyyy")}

    @property
    def lines(self) -> list[Line]:
        """In the order in which they are asked for; the first takes the focus of a refused form."""
        ticked = set(self["named"].value() or ())
        return [
            Line(
                item,
                str(number),
                "" if item is IdentityItem.BORN_ON else _shown_part(item, self.chosen),
                item in ticked,
                self.is_bound and number == 1,
            )
            for number, item in enumerate(self.items, start=1)
            if self.chosen
        ]

    @property
    def born_and_pesel_are_one(self) -> bool:
        return {IdentityItem.BORN_ON, IdentityItem.PESEL} <= set(self.items)

    def clean_born(self) -> date | None:
        said: date | None = self.cleaned_data["born"]
        if said and self.chosen and said != _born_on(self.chosen.debtor):
            raise ValidationError(_("That is not the day in the file."))
        return said

    def clean(self) -> dict[str, Any]:
        """``items``: what the caller named, the day of birth among it where it was typed."""
        cleaned = self.cleaned_data
        named = [IdentityItem(item) for item in cleaned.get("named", ())]
        if cleaned.get("born"):
            named.insert(0, IdentityItem.BORN_ON)
        if not named and not self.errors:
            self.add_error("named", _("Tick what the caller named."))
        return {**cleaned, "items": named}

    @property
    def is_open(self) -> bool:
        """Whether somebody is busy with it: refused, or another caller was chosen."""
        return self.is_bound or bool(self.asked)

    @property
    def can_be_enough(self) -> bool:
        """Whether the file holds enough to confirm anybody by it."""
        return len(set(self.items) - {IdentityItem.BORN_ON}) >= LEAST_NAMED


def _items(caller: Caller) -> list[IdentityItem]:
    return list_comparable_items(
        debtor=caller.debtor,
        contact_points=caller.contact_points,
        has_address=bool(caller.addresses),
        has_debt=bool(caller.debts),
    )


def _shown_part(item: IdentityItem, caller: Caller) -> str:
    debtor = caller.debtor
    match item:
        case IdentityItem.PESEL | IdentityItem.NIP | IdentityItem.REGON:
            return mask_identifier(opened(item, getattr(debtor, f"{item}_sealed")))
        case IdentityItem.ADDRESS:
            return ", ".join(mask_address(f"{a.street} {a.city}") for a in caller.addresses)
        case IdentityItem.CONTRACT_NO:
            return ", ".join(money.debt.contract_no for money in caller.debts[:3])
        case _:
            is_email = item is IdentityItem.EMAIL
            points = [
                point
                for point in caller.contact_points
                if (point.kind == ContactPointKind.EMAIL) is is_email
            ]
            return ", ".join(shown_point(point, call=None) for point in points[:3])


def shown_point(point: ContactPoint | Point, *, call: Call | None) -> str:
    is_email = point.kind == ContactPointKind.EMAIL
    if call is not None:
        return point.value if is_email else format_phone(point.value)
    return mask_email(point.value) if is_email else mask_phone(point.value)


def shown_address(address: Address, *, call: Call | None) -> tuple[str, str]:
    """The street, and the town with its postal code."""
    town = f"{address.postal_code} {address.city}"
    if call is not None:
        return address.street, town
    return mask_address(address.street), mask_address(town)


def identity_facts(request: StaffRequest, case: Case, call: Call | None) -> Sequence[Any]:
    """Name and value of each identifier and of the day of birth of the debtor, in full only
    during a call of their own."""
    own = call is not None and call.person_id == case.debtor_id
    return identifiers_of(case.debtor, in_full=own and request.actor.has(Right.SEE_IDENTIFIERS))


def identifiers_of(debtor: Debtor, *, in_full: bool) -> Sequence[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    for name in IDENTIFIERS:
        value = opened(name, getattr(debtor, f"{name}_sealed"))
        if value:
            shown = value if in_full else mask_identifier(value)
            facts.append((str(identity_item_name(IdentityItem(name))), shown))
    born = _born_on(debtor)
    if born is not None:
        shown = format_day(born) if in_full else mask_day(born)
        facts.append((str(_("Born")), shown))
    return facts


def _born_on(debtor: Debtor) -> date | None:
    return born_on(opened("pesel", debtor.pesel_sealed))
