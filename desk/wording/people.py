"""What people on the debts may be told, and how the debtor is best reached, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.wording import result_name
from desk.best_time import BestTime
from desk.queries.case_page import PastAttempt
from desk.telling import Telling, Told

_TELLINGS: Final[dict[Telling, Promise]] = {
    Telling.EVERYTHING: gettext_lazy("everything"),
    Telling.THESE_DEBTS: gettext_lazy("everything about %(contracts)s"),
    Telling.WHAT_IS_DUE: gettext_lazy("what is due on %(contracts)s"),
    Telling.NOTHING_YET: gettext_lazy("nothing yet about %(contracts)s: not due, not terminated"),
}


def told_text(told: Sequence[Told]) -> str:
    parts = [
        str(_TELLINGS[each.telling]) % {"contracts": ", ".join(each.contracts)} for each in told
    ]
    return "; ".join(parts)


def best_time_text(found: BestTime | None, *, tried: int) -> str:
    """``16–18, answered 3 of 4``; where nothing is known, it says so and why."""
    if found is not None:
        return _("%(start)s–%(end)s, answered %(answered)s of %(tried)s") % found._asdict()
    if not tried:
        return _("not known: nobody has called yet")
    return ngettext(
        "not known yet: %(tried)s call is too little",
        "not known yet: %(tried)s calls, too few answered",
        tried,
    ) % {"tried": tried}


def result_text(attempts: Sequence[PastAttempt]) -> str:
    """The last result, and how often in a row: ``no answer, 2 times``. Newest first."""
    last = attempts[0]
    name = str(result_name(last.result)).lower()
    in_a_row = next(
        (i for i, attempt in enumerate(attempts) if attempt.result is not last.result),
        len(attempts),
    )
    if in_a_row == 1:
        return name
    return _("%(result)s, %(n)s times") % {"result": name, "n": in_a_row}


def nothing_to_tell_text() -> str:
    """The status of a person whom nobody has anything to say to yet."""
    return _("No: nothing to tell")


def not_valid_text() -> str:
    """The status of a number, mailbox or address that was found wrong."""
    return _("No: not valid")
