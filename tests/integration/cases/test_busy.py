"""A person who waits too long for a case is told so in words; it is no error of the page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from cases.lifecycle import HoldKind
from cases.locking import CaseBusy
from cases.models import Case, Hold
from cases.operations import hold_case, open_cases
from kernel.actor import system_actor
from tests.integration.cases.builders import make_debt, make_debtor

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)


@pytest.mark.commits
def test_a_case_that_the_night_holds_for_long_is_busy_and_stays_as_it_was() -> None:
    machine = system_actor("tests")
    debtor = make_debtor()
    make_debt(debtor)
    (case_id,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=machine)
    night = connection.copy()
    try:
        night.set_autocommit(False)
        with night.cursor() as cursor:
            cursor.execute("SELECT id FROM cases_case FOR NO KEY UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")

        with pytest.raises(CaseBusy), transaction.atomic():
            hold_case(
                case_id=case_id,
                kind=HoldKind.DISPUTE,
                reason="says it is paid",
                from_on=ON,
                until_on=None,
                actor=machine,
                at=AT,
            )
    finally:
        night.rollback()
        night.close()
    assert not Hold.objects.exists()
    assert Case.objects.get().pk == case_id
