"""From the text of a TOML file to a ``Strategy``, or every mistake in it with its line."""

from escalation.loading.problems import Problem, ProblemCode, StrategyInvalid
from escalation.loading.strategy import load_strategy

__all__ = ["Problem", "ProblemCode", "StrategyInvalid", "load_strategy"]
