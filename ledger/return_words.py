"""Why a bank sent a payment back, in words: ISO 20022, ExternalReturnReason1Code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS: Final[Mapping[str, Promise]] = {
    "AC01": gettext_lazy("the account number is wrong"),
    "AC03": gettext_lazy("the account number is wrong"),
    "AC04": gettext_lazy("the account was closed"),
    "AC06": gettext_lazy("the account is blocked"),
    "AC13": gettext_lazy("the account is of another kind"),
    "AG01": gettext_lazy("the account does not take such payments"),
    "AG02": gettext_lazy("the bank does not take such payments"),
    "AM03": gettext_lazy("the account is in another currency"),
    "AM04": gettext_lazy("there was not enough money"),
    "AM05": gettext_lazy("it was sent twice"),
    "AM09": gettext_lazy("the amount was not the one agreed"),
    "ARDT": gettext_lazy("it had been sent back before"),
    "BE01": gettext_lazy("name and account do not belong together"),
    "BE04": gettext_lazy("the address of the payee is missing"),
    "BE05": gettext_lazy("the payee is not known"),
    "BE06": gettext_lazy("the customer is not known"),
    "CURR": gettext_lazy("the currency was wrong"),
    "CUST": gettext_lazy("the customer asked for it"),
    "DUPL": gettext_lazy("it was sent twice"),
    "ED05": gettext_lazy("the banks did not settle it"),
    "FOCR": gettext_lazy("the payer called it back"),
    "FRAD": gettext_lazy("fraud is suspected"),
    "MD01": gettext_lazy("there was no mandate"),
    "MD06": gettext_lazy("the payer asked for the money back"),
    "MD07": gettext_lazy("the account holder has died"),
    "MS02": gettext_lazy("the customer gave no reason"),
    "MS03": gettext_lazy("the bank gave no reason"),
    "NOAS": gettext_lazy("the payee did not answer"),
    "NOOR": gettext_lazy("the payment that is meant was never received"),
    "RC01": gettext_lazy("the code of the bank is wrong"),
    "RR04": gettext_lazy("the law does not allow it"),
    "TECH": gettext_lazy("a technical fault"),
    "UPAY": gettext_lazy("it was not owed"),
}


def return_text(code: str) -> str:
    """``sent back: the account was closed (AC04)``; a code without words stands alone."""
    words = _WORDS.get(code)
    if words is None:
        return _("sent back, the bank's code is %(code)s") % {"code": code}
    return _("sent back: %(why)s (%(code)s)") % {"why": words, "code": code}
