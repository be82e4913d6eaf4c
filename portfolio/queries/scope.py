"""Which part of the book is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from escalation.models import Strategy


@dataclass(frozen=True, slots=True)
class Scope:
    """None looks at all. The team may be what the reader chose, or all that they may see."""

    team_id: int | None = None
    product: str | None = None
    strategy_id: int | None = None

    @property
    def is_whole_book(self) -> bool:
        return self.team_id is None and self.product is None and self.strategy_id is None

    @property
    def is_of_teams_only(self) -> bool:
        """Whether sums that know no product and no strategy can answer."""
        return self.product is None and self.strategy_id is None

    def where(self, row: str = "") -> str:
        """Conditions that begin with AND, on the columns of ``row``."""
        dot = f"{row}." if row else ""
        names = ("team_id", "product", "strategy_id")
        return "".join(
            f" AND {dot}{name} = %({name})s" for name in names if getattr(self, name) is not None
        )

    def values(self) -> dict[str, Any]:
        return {
            "team_id": self.team_id,
            "product": self.product,
            "strategy_id": self.strategy_id,
        }


def get_strategy_ids() -> dict[str, int]:
    """The id of each strategy by its key."""
    return dict(Strategy.objects.order_by("key").values_list("key", "id"))
