"""What the result of a contact says beyond its name. Pure.

Codes and values; the sentence about them is made by ``contacts.wording`` in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts.lifecycle import RefusalReason


@dataclass(frozen=True, slots=True)
class Outcome:
    """Only what belongs to the result is looked at.

    ``call_back_at``: the moment that the debtor asked for. ``refusal``: why they will not pay.
    ``disables_point``: the number does not lead to them. ``dispute``: what they dispute, and
    ``holds_dispute`` whether the case is to be held for it. ``script`` names the version of the
    checklist on the screen and ``said`` the steps that were ticked. ``identified`` is what the
    caller named to be known.
    """

    call_back_at: datetime | None = None
    refusal: RefusalReason | None = None
    disables_point: bool = False
    dispute: str = ""
    holds_dispute: bool = False
    script: str = ""
    said: tuple[str, ...] = ()
    identified: tuple[str, ...] = ()

    @property
    def changes_case(self) -> bool:
        """Something of the case follows from it, beside the attempt."""
        return bool(self.call_back_at or self.holds_dispute or self.disables_point)

    def as_details(self) -> Mapping[str, Any]:
        """What is kept with the attempt; nothing that was not said."""
        values: dict[str, Any] = {
            "call_back_at": self.call_back_at.isoformat() if self.call_back_at else None,
            "refusal": self.refusal,
            "dispute": self.dispute,
            "script": self.script if self.said else "",
            "said": list(self.said),
            "identified": list(self.identified),
        }
        return {name: value for name, value in values.items() if value}


NOTHING_MORE = Outcome()
