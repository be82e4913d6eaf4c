"""Kinds of events about contacts. The subject is always ``("case", case id)``.

The moves in ``lifecycle.py`` name ``promise.…``, ``message.…``, ``termination.…`` and
``restructuring_request.…``; every payload holds the id of the thing.
"""

from __future__ import annotations

from typing import Final

#: ``attempt_id``, ``channel``, ``direction``, ``result``, ``conversation``, ``person_id`` (None
#: where nobody said), ``other_person``, ``note``, and what was said as codes and values.
ATTEMPT_LOGGED: Final = "contact.logged"
#: Logged by mistake; it counts no more: ``attempt_id``, ``channel``, ``direction``, ``result``.
ATTEMPT_STRUCK_OUT: Final = "contact.struck_out"
#: Somebody with the right set the guard aside: ``attempt_id``, ``rule``, ``values``, ``reason``.
GUARD_OVERRIDDEN: Final = "contact.guard_overridden"
#: The guard stopped somebody: ``channel``, ``purpose``, ``rule``, ``values``.
CONTACT_REFUSED: Final = "contact.refused"

#: ``promise_id``, ``amount_minor``, ``currency``, ``due_on``.
PROMISE_MADE: Final = "promise.made"
#: ``promise_id``, ``amount_minor``, ``currency``, ``due_on``, ``paid_minor``.
PROMISE_KEPT: Final = "promise.kept"
PROMISE_BROKEN: Final = "promise.broken"
#: The same, when money of an earlier day became known, or was taken back, after the judgement.
PROMISE_KEPT_AFTER_ALL: Final = "promise.kept_after_all"
PROMISE_BROKEN_AFTER_ALL: Final = "promise.broken_after_all"
PROMISE_OPEN_AGAIN: Final = "promise.open_again"
#: ``promise_id``, ``reason``.
PROMISE_WITHDRAWN: Final = "promise.withdrawn"

#: ``message_id``, ``template``, ``channel``, ``cause``.
MESSAGE_QUEUED: Final = "message.queued"
#: A message that cannot be made: ``template``, ``channel``, ``cause``, ``reason``
#: (``no_recipient`` or ``nothing_to_demand``).
MESSAGE_NOT_QUEUED: Final = "message.not_queued"
#: ``message_id``, ``template``, ``channel``; the effective day is the day it happened.
MESSAGE_HANDED_OVER: Final = "message.handed_over"
MESSAGE_DELIVERED: Final = "message.delivered"
MESSAGE_RETURNED: Final = "message.returned"
#: ``message_id``, ``template``, ``channel``, ``rule``, ``values``: what the guard said.
MESSAGE_SKIPPED: Final = "message.skipped"

#: ``message_id``, ``template``, ``channel``, ``recalled``: a code of ``RecallReason``.
MESSAGE_RECALLED: Final = "message.recalled"

#: ``termination_id``, ``amount_minor``, ``currency``, ``notice_id``, ``cause``.
TERMINATION_PROPOSED: Final = "termination.proposed"
#: ``termination_id``, ``reason``.
TERMINATION_APPROVED: Final = "termination.approved"
TERMINATION_REFUSED: Final = "termination.refused"
TERMINATION_SENT_BACK: Final = "termination.sent_back"
TERMINATION_WITHDRAWN: Final = "termination.withdrawn"
#: The statement was delivered: ``termination_id``, ``effective_on``.
TERMINATION_DELIVERED: Final = "termination.delivered"
#: The statement was not sent, so the approval has no effect any more: ``termination_id``,
#: ``reason``.
TERMINATION_LAPSED: Final = "termination.lapsed"
#: The notice period is over and the debts are terminated: ``termination_id``, ``debt_ids``.
TERMINATION_COMPLETED: Final = "termination.completed"

#: ``restructuring_request_id``.
REQUEST_RECEIVED: Final = "restructuring_request.received"
REQUEST_GRANTED: Final = "restructuring_request.granted"
REQUEST_REFUSED: Final = "restructuring_request.refused"
REQUEST_WITHDRAWN: Final = "restructuring_request.withdrawn"
