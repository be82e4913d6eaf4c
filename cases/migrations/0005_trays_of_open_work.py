"""Open work that was there before trays: where it lies, and that only answers come before money."""

from django.db import migrations

_SORT = """
    UPDATE cases_workitem
    SET tray = CASE WHEN kind IN ('solve_data_problem', 'find_address', 'find_phone',
                                  'letter_returned') THEN 'data' ELSE 'now' END,
        priority = CASE kind WHEN 'answer_request' THEN 10 ELSE 50 END
    WHERE status = 'open'
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_order_of_work_and_hands")]

    operations = [migrations.RunSQL(_SORT, migrations.RunSQL.noop)]
