"""Strategies with the cases that stand on them, their versions and their drafts."""

from desk.queries.strategies.standing import (
    Held,
    Standing,
    count_held,
    count_left,
    count_standing,
    list_step_counts,
)
from desk.queries.strategies.versions import (
    StrategyLine,
    StrategyNotFound,
    StrategyPage,
    get_step_titles,
    get_strategy_page,
    list_publishers,
    list_strategies,
)

__all__ = [
    "Held",
    "Standing",
    "StrategyLine",
    "StrategyNotFound",
    "StrategyPage",
    "count_held",
    "count_left",
    "count_standing",
    "get_step_titles",
    "get_strategy_page",
    "list_publishers",
    "list_step_counts",
    "list_strategies",
]
