"""What an agency earns on what it collected. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kernel.money import Money, Rounding

_WHOLE_BP: Final = Decimal(10_000)


def commission(*, collected: Money, rate_bp: int) -> Money:
    """``rate_bp`` hundredths of a percent of what was collected, half up to the minor unit.

    It is computed per payment, so that every payment's commission can be checked by itself.
    """
    return collected.share(Decimal(rate_bp) / _WHOLE_BP, rounding=Rounding.HALF_UP)
