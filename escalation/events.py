"""Kinds of events about strategies. The subject is the case, or ``("strategy", id)``.

``strategy.published``, ``strategy.refused`` and so on are named by the moves in
``lifecycle.py``; their payload holds ``strategy_version_id``, ``key``, ``number``.
"""

from __future__ import annotations

from typing import Final

#: ``enrolment_id``, ``strategy``, ``version``, ``step``, ``reason``.
CASE_ENROLLED: Final = "escalation.enrolled"
#: ``enrolment_id``, ``strategy``, ``step``, ``round``, ``cause``.
STEP_PERFORMED: Final = "escalation.step_performed"
#: ``enrolment_id``, ``reason``: the place of the condition that was fulfilled.
CASE_EXITED: Final = "escalation.exited"
#: ``enrolment_id``, ``reason``.
STRATEGY_FINISHED: Final = "escalation.finished"
#: ``strategy_version_id``, ``key``, ``number``, ``in_flight``.
VERSION_PROPOSED: Final = "strategy.proposed"
#: About ``("strategy_draft", id)``: ``draft_id``, ``key``, ``name``.
DRAFT_STARTED: Final = "strategy.draft_started"
DRAFT_DISCARDED: Final = "strategy.draft_discarded"
#: ``key``, ``number``, ``moved``: how many cases in flight came onto the new version.
CASES_MOVED: Final = "strategy.cases_moved"
