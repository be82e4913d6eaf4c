"""Debts that are there already can be named by a payment, too."""

from django.db import migrations

REGISTER = """
    INSERT INTO ledger_paymentname (account_id, kind, key, confirmed)
    SELECT n.account_id, n.kind, left(upper(regexp_replace(n.text, '[^0-9A-Za-z]', '', 'g')), 80), 0
    FROM (
        SELECT d.account_id, 'contract' AS kind, d.contract_no AS text FROM debtors_debt d
        UNION ALL
        SELECT d.account_id, 'case', c.number
        FROM debtors_debtparty p
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN cases_case c ON c.debtor_id = p.debtor_id
        WHERE p.role = 'main_debtor'
    ) n
    WHERE regexp_replace(n.text, '[^0-9A-Za-z]', '', 'g') <> ''
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_notes"),
        ("debtors", "0001_initial"),
        ("ledger", "0006_statements"),
    ]
    operations = [migrations.RunSQL(REGISTER, migrations.RunSQL.noop)]
