"""A draft looked at before it is proposed: its faults, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass

from escalation.difference import Change, difference
from escalation.lint import Finding, lint, lint_segments
from escalation.loading import load_strategy
from escalation.queries.versions import list_versions_in_force
from escalation.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Examination:
    """What is to be known of a draft before it is proposed."""

    strategy: Strategy
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]

    @property
    def is_sound(self) -> bool:
        return not any(finding.is_error for finding in self.findings)


def get_examination(*, source: str) -> Examination:
    """Load, lint and compare with the version in force. Raises StrategyInvalid."""
    strategy = load_strategy(source)
    in_force = [version.strategy for version in list_versions_in_force()]
    before = next((s for s in in_force if s.key == strategy.key), None)
    others = [s for s in in_force if s.key != strategy.key]
    findings = (*lint(strategy), *lint_segments([strategy, *others]))
    changes = difference(before, strategy) if before else []
    return Examination(strategy, findings, tuple(changes))
