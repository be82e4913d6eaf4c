"""The words of strategies: why this, why now, why not more, and what is wrong with a file."""

from escalation.wording.decisions import (
    condition_text,
    describe_blocker,
    describe_explanation,
    describe_looked,
    outcome_name,
    state_name,
    step_title,
    value_now_text,
)
from escalation.wording.names import answer_name, fact_name, proposal_name, wait_name
from escalation.wording.sources import (
    describe_assumption,
    describe_change,
    describe_error,
    describe_finding,
    describe_problem,
)
from escalation.wording.switches import (
    switch_kind_hint,
    switch_kind_name,
    switch_name,
    switch_refusal,
)

__all__ = [
    "answer_name",
    "condition_text",
    "describe_assumption",
    "describe_blocker",
    "describe_change",
    "describe_error",
    "describe_explanation",
    "describe_finding",
    "describe_looked",
    "describe_problem",
    "fact_name",
    "outcome_name",
    "proposal_name",
    "state_name",
    "step_title",
    "switch_kind_hint",
    "switch_kind_name",
    "switch_name",
    "switch_refusal",
    "value_now_text",
    "wait_name",
]
