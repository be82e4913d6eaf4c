"""After many rows came at once the planner knows of them, before the server looks by itself."""

from __future__ import annotations

import pytest
from django.db import connection

from journal.statistics import MANY_ROWS, look_at_tables
from staff.models import Team

pytestmark = pytest.mark.django_db


def known_teams() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = 'staff_team'")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(("teams", "known"), [(MANY_ROWS, True), (MANY_ROWS - 1, False)])
def test_the_planner_looks_again_where_many_rows_came(teams: int, known: bool) -> None:
    Team.objects.bulk_create([Team(name=f"Team {number}") for number in range(teams)])
    look_at_tables(tables=["staff_team"], new_rows=teams)
    assert (known_teams() == teams) is known
