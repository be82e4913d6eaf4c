"""A strategy in words: its steps, what changes between two versions, what a draft would do."""

from desk.wording.strategies.differences import (
    Part,
    StepChange,
    header_changes,
    step_changes,
    word_difference,
)
from desk.wording.strategies.fields import field_choices, field_label, field_unit
from desk.wording.strategies.phrases import (
    action_text,
    any_of,
    depends_text,
    describe_condition,
    describe_wait,
    in_flight_text,
    step_conditions,
    step_skips,
    step_text,
    version_status_name,
)
from desk.wording.strategies.simulations import (
    made_name,
    next_outcome_name,
    next_step_text,
    over_capacity_text,
)

__all__ = [
    "Part",
    "StepChange",
    "action_text",
    "any_of",
    "depends_text",
    "describe_condition",
    "describe_wait",
    "field_choices",
    "field_label",
    "field_unit",
    "header_changes",
    "in_flight_text",
    "made_name",
    "next_outcome_name",
    "next_step_text",
    "over_capacity_text",
    "step_changes",
    "step_conditions",
    "step_skips",
    "step_text",
    "version_status_name",
    "word_difference",
]
