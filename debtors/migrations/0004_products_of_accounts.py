from django.db import migrations

#: So many accounts are locked at once.
_CHUNK = 20_000


def register(apps, schema_editor):
    """The ledger knows of each account which product it is for."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_account")
        last = cursor.fetchone()[0]
        for first in range(0, last + 1, _CHUNK):
            cursor.execute(
                "UPDATE ledger_account a SET product = d.product FROM debtors_debt d"
                " WHERE d.account_id = a.id AND a.id BETWEEN %s AND %s AND a.product <> d.product",
                [first, first + _CHUNK - 1],
            )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("debtors", "0003_standings_to_be_judged"),
        ("ledger", "0009_products_and_orders"),
    ]
    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
