"""Kinds of events about cases. The subject is always ``("case", case id)``.

``case.closed``, ``case.reopened``, ``case.taken_by_…``, ``case.returned_to_house``,
``work_item.finished`` and ``work_item.cancelled`` are named by the moves in ``lifecycle.py``; so
are ``switch.turned_off`` and ``switch.turned_on``, which are about ``("switch", id)`` and say
``kind``, ``key``, ``reason``, and how many ``messages`` and ``cases`` it stopped or let go on.
"""

from __future__ import annotations

from typing import Final

#: ``number``, ``debtor_id``, ``team_id``.
CASE_OPENED: Final = "case.opened"
#: Nothing is due on any debt any more: ``case_id``.
CASE_CLOSED: Final = "case.closed"
#: Arrears have returned: ``case_id``.
CASE_REOPENED: Final = "case.reopened"
#: ``from``, ``to``: stages.
STAGE_CHANGED: Final = "case.stage_changed"
#: ``team_id``, ``owner_id``, ``from_team_id``, ``from_owner_id``.
CASE_ASSIGNED: Final = "case.assigned"
#: ``handler_id`` (the case), ``cause``.
TAKEN_BY_AGREEMENT: Final = "case.taken_by_agreement"
TAKEN_BY_AGENCY: Final = "case.taken_by_agency"
TAKEN_BY_COURT: Final = "case.taken_by_court"
RETURNED_TO_HOUSE: Final = "case.returned_to_house"

#: ``hold_id``, ``kind``, ``cause``, ``reason``, ``until_on`` (ISO day or null).
HOLD_PLACED: Final = "hold.placed"
#: ``hold_id``, ``kind``, ``cause``, ``reason`` (of ending; ``until_passed`` by the day close).
HOLD_ENDED: Final = "hold.ended"

#: ``work_item_id``, ``kind``, ``due_on``, ``reason``.
WORK_OPENED: Final = "work_item.opened"
#: ``work_item_id``, ``kind``, ``until``: an officer took it from the queue.
WORK_CLAIMED: Final = "work_item.claimed"
#: ``work_item_id``, ``kind``, ``from_on``, ``until_on``, ``reason``.
WORK_PUT_ASIDE: Final = "work_item.put_aside"
#: ``work_item_id``, ``kind``, ``note``.
WORK_FINISHED: Final = "work_item.finished"
#: ``work_item_id``, ``kind``, ``reason``.
WORK_CANCELLED: Final = "work_item.cancelled"

#: ``until``: an officer took the case in hand without the queue.
TAKEN_IN_HAND: Final = "in_hand.taken"
#: ``from_user_id``, ``from_name``, ``reason``: a colleague had it in hand.
TAKEN_OVER: Final = "in_hand.taken_over"
#: ``work_item_id`` and ``kind`` where there was any, ``reason``.
PUT_BACK: Final = "in_hand.put_back"
#: What was done is to be done after all: ``work_item_id``, ``kind``, ``reason``.
WORK_REOPENED: Final = "work_item.reopened"
#: It was put aside by mistake: ``work_item_id``, ``kind``, ``due_on``.
WORK_BROUGHT_BACK: Final = "work_item.brought_back"

#: ``note_id``, ``note``, ``pinned``.
NOTE_WRITTEN: Final = "note.written"
#: ``note_id``.
NOTE_PINNED: Final = "note.pinned"
NOTE_UNPINNED: Final = "note.unpinned"
#: ``note_id``, ``note``.
NOTE_STRUCK_OUT: Final = "note.struck_out"
