"""Kinds of events about debtors, debts and intake runs.

Subjects: ``("debtor", debtor id)``, ``("account", account id)`` for a debt (its ledger account),
``("intake", run id)``.
"""

from __future__ import annotations

from typing import Final

#: Subject account. A new debt: ``debt_id``, ``debtor_id`` (main debtor), ``run_id``, ``product``,
#: ``currency``, ``outstanding_minor``, ``due_minor``, ``due_since``, ``problems`` (codes).
DEBT_TAKEN_IN: Final = "debt.taken_in"
#: Subject account. Terms changed by an extract: ``debt_id``, ``debtor_id``, ``run_id``, ``fields``.
DEBT_CHANGED: Final = "debt.changed"
#: Subject account. Data too bad to act on, or good again: ``debt_id``, ``debtor_id``, ``problems``
#: (all that remain; empty when solved).
DATA_PROBLEMS_CHANGED: Final = "debt.data_problems_changed"
#: Subject account. A full extract no longer has it, or has it again: ``debt_id``, ``debtor_id``.
DEBT_MISSING: Final = "debt.missing"
DEBT_BACK: Final = "debt.back"
#: Subject account. An extract says other amounts than our book, which holds: ``debt_id``,
#: ``run_id``, ``currency``, ``feed`` {component: minor} and ``changes``, what it would change.
FEED_DIFFERS: Final = "debt.feed_differs"
#: Subject account. ``debt_id``, ``debtor_id``, ``terminated_on``, ``reason``.
DEBT_TERMINATED: Final = "debt.terminated"
#: Subject account. ``debt_id``, ``debtor_id``, ``role``: another person answers for the debt.
PARTY_ADDED: Final = "debt.party_added"

#: Subject account. Default, forbearance or stage are known to be otherwise from ``from_on`` on:
#: ``debt_id``, ``debtor_id``, ``from_on``, ``before``, ``after`` and ``now`` (each ``default``,
#: ``default_since``, ``forborne``, ``stage``, ``ends_on``), ``grounds`` (what was counted that
#: day), ``back_dated`` (something was told otherwise before).
STANDING_CHANGED: Final = "debt.standing_changed"

#: Subject debtor. By an extract: ``run_id``, ``fields``.
DEBTOR_CHANGED: Final = "debtor.changed"
#: Subject debtor. By hand: ``field``, ``reason``; values are not in the journal.
DEBTOR_CORRECTED: Final = "debtor.corrected"
#: Subject debtor. ``contact_point_id``, ``kind``, ``reason``.
CONTACT_POINT_ADDED: Final = "debtor.contact_point_added"
CONTACT_POINT_DISABLED: Final = "debtor.contact_point_disabled"
#: Subject debtor. ``address_id``, ``kind``, ``reason``.
ADDRESS_CHANGED: Final = "debtor.address_changed"
#: Subject debtor. ``field``, ``reason``: who looked at a protected identifier.
IDENTIFIER_REVEALED: Final = "debtor.identifier_revealed"
#: Subject debtor. Somebody on the telephone showed that they are the debtor: ``named`` (codes of
#: ``IdentityItem``), ``identifiers`` (fields), ``contact_point_ids``, ``address_ids`` and
#: ``debt_ids`` that the officer could see in full from then until the instant ``until``.
IDENTITY_CONFIRMED: Final = "debtor.identity_confirmed"

#: Subject intake. ``counts``.
INTAKE_FINISHED: Final = "intake.finished"
INTAKE_REFUSED: Final = "intake.refused"
