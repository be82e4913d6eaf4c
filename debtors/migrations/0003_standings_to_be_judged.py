"""The debts that are there already are judged at the next close of a day."""

from django.db import migrations

_WAITING = """
    INSERT INTO debtors_standingcount (debt_id, review_on)
    SELECT d.id, a.opened_on FROM debtors_debt d JOIN ledger_account a ON a.id = d.account_id
"""


class Migration(migrations.Migration):
    dependencies = [("debtors", "0002_standings"), ("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(_WAITING, "DELETE FROM debtors_standingcount"),
    ]
