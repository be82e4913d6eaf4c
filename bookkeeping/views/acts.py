"""What may be done next with a write-off, a refund or a charge: the move, the right, the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookkeeping import operations
from bookkeeping.forms import ConfirmForm, HandOverForm, ReasonForm
from bookkeeping.lifecycle import CHARGE_LIFECYCLE, REFUND_LIFECYCLE, WRITE_OFF_LIFECYCLE
from kernel.actor import Actor
from kernel.lifecycle import Lifecycle
from staff.rights import Right


class Act(NamedTuple):
    """``move`` of the lifecycle; ``call`` takes the id of the thing and the fields of the form."""

    move: str
    right: Right
    label: Promise
    form: type[Form]
    call: Callable[..., Any]
    done: Promise


class Kind(NamedTuple):
    """``name`` stands in the id of the thing and in the name of the address."""

    name: str
    url_name: str
    lifecycle: Lifecycle[Any]
    acts: Mapping[str, Act]


WRITE_OFFS: Final = Kind(
    "write_off",
    "write-off-act",
    WRITE_OFF_LIFECYCLE,
    {
        "withdraw": Act(
            "withdraw",
            Right.PROPOSE_WRITE_OFF,
            _("Withdraw"),
            ReasonForm,
            operations.withdraw_write_off,
            _("The write-off is withdrawn."),
        ),
        "reverse": Act(
            "reverse",
            Right.CORRECT_POSTING,
            _("Claim it again"),
            ReasonForm,
            operations.reverse_write_off,
            _("The write-off is taken back: the amount is claimed again."),
        ),
    },
)
REFUNDS: Final = Kind(
    "refund",
    "refund-act",
    REFUND_LIFECYCLE,
    {
        "hand-over": Act(
            "hand_over",
            Right.POST_PAYMENT,
            _("Hand over to payments"),
            HandOverForm,
            operations.hand_over_refund,
            _("The refund is handed over; the overpayment is used up."),
        ),
        "confirm": Act(
            "confirm",
            Right.POST_PAYMENT,
            _("It is paid"),
            ConfirmForm,
            operations.confirm_refund,
            _("The refund is done."),
        ),
        "return": Act(
            "return",
            Right.CORRECT_POSTING,
            _("The bank sent it back"),
            ReasonForm,
            operations.return_refund,
            _("The money is the debtor's credit again."),
        ),
        "withdraw": Act(
            "withdraw",
            Right.PROPOSE_REFUND,
            _("Withdraw"),
            ReasonForm,
            operations.withdraw_refund,
            _("The refund is withdrawn."),
        ),
    },
)
CHARGES: Final = Kind(
    "charge",
    "charge-act",
    CHARGE_LIFECYCLE,
    {
        "withdraw": Act(
            "withdraw",
            Right.CHARGE_FEE,
            _("Withdraw"),
            ReasonForm,
            operations.withdraw_charge,
            _("The charge is withdrawn."),
        ),
        "cancel": Act(
            "cancel",
            Right.CORRECT_POSTING,
            _("Take it off again"),
            ReasonForm,
            operations.cancel_charge,
            _("The charge is taken off the debt."),
        ),
    },
)


def possible_acts(
    kind: Kind, row: Any, actor: Actor, bound: Mapping[tuple[str, int, str], Form]
) -> list[dict[str, Any]]:
    """What the reader may do with the row now, each with its form; a refused form stays open."""
    allowed = kind.lifecycle.allowed(kind.lifecycle.statuses(row.status))
    found = []
    for name, act in kind.acts.items():
        if act.move in allowed and actor.has(act.right):
            refused = bound.get((kind.name, row.pk, name))
            prefix = f"{kind.name}-{row.pk}-{name}"
            form = refused if refused is not None else act.form(auto_id=f"{prefix}-%s")
            found.append(
                {
                    "name": name,
                    "label": act.label,
                    "form": form,
                    "url_name": kind.url_name,
                    "open": refused is not None,
                }
            )
    return found
