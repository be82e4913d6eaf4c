"""What debtors answered last, from the contacts that were logged before it was kept."""

from django.db import migrations

_ANSWERS = """
    INSERT INTO cases_lastanswer (case_id, answer, answered_on)
    SELECT DISTINCT ON (case_id) case_id,
           CASE WHEN NOT is_conversation THEN 'not_reached'
                WHEN result IN ('promised', 'wants_instalments') THEN 'willing'
                WHEN result IN ('refused', 'disputes') THEN 'unwilling'
                ELSE 'spoke' END,
           happened_on
    FROM contacts_attempt
    ORDER BY case_id, is_conversation DESC, happened_on DESC, id DESC
    ON CONFLICT (case_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_trays_of_open_work"),
        ("contacts", "0002_promise_counts_from_its_making"),
    ]

    operations = [migrations.RunSQL(_ANSWERS, migrations.RunSQL.noop)]
