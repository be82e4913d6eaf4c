"""By what a case was found."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_BY: Final[dict[str, Promise]] = {
    "number": _("case number"),
    "contract": _("contract number"),
    "account": _("account number"),
    "phone": _("phone number"),
    "email": _("e-mail address"),
    "pesel": _("PESEL"),
    "nip": _("NIP"),
    "regon": _("REGON"),
    "name": pgettext_lazy("person", "name"),
}


def found_by(way: str) -> Promise:
    return _BY[way]
