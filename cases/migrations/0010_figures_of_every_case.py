"""What the ledger says of the cases that were there before it was kept with them."""

from django.db import migrations

_FIGURES = """
    UPDATE cases_case c
    SET overdue_minor = f.overdue_minor, overdue_currency = f.currency, due_since = f.due_since,
        products = f.products
    FROM (
        SELECT DISTINCT ON (o.debtor_id) o.debtor_id, o.overdue_minor, o.currency,
               min(o.due_since) OVER (PARTITION BY o.debtor_id) AS due_since,
               (SELECT array_agg(DISTINCT d.product ORDER BY d.product)
                FROM debtors_debtparty p JOIN debtors_debt d ON d.id = p.debt_id
                WHERE p.debtor_id = o.debtor_id AND p.role = 'main_debtor') AS products
        FROM (
            SELECT p.debtor_id, a.currency, sum(GREATEST(a.due_minor, 0))::bigint AS overdue_minor,
                   min(a.due_since) AS due_since
            FROM debtors_debtparty p
            JOIN debtors_debt d ON d.id = p.debt_id
            JOIN ledger_account a ON a.id = d.account_id
            WHERE p.role = 'main_debtor'
            GROUP BY p.debtor_id, a.currency
        ) o
        ORDER BY o.debtor_id,
                 o.overdue_minor * CASE o.currency WHEN 'EUR' THEN 4.3 ELSE 1 END DESC, o.currency
    ) f
    WHERE f.debtor_id = c.debtor_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_figures_of_a_case"),
        ("debtors", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_FIGURES, migrations.RunSQL.noop)]
