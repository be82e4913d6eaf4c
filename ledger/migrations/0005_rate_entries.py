"""What administrators add to the shipped rates of interest, never changed."""

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER ledger_rateentry_append_only BEFORE UPDATE OR DELETE ON ledger_rateentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_rateentry_no_truncate BEFORE TRUNCATE ON ledger_rateentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

BACKWARD = """
DROP TRIGGER ledger_rateentry_no_truncate ON ledger_rateentry;
DROP TRIGGER ledger_rateentry_append_only ON ledger_rateentry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_replay"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "series",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nbp_reference", "nbp_reference"),
                            ("nbp_lombard", "nbp_lombard"),
                            ("statutory_before_2016", "statutory_before_2016"),
                            ("capital_margin", "capital_margin"),
                            ("delay_margin", "delay_margin"),
                            ("maximum_multiple", "maximum_multiple"),
                            ("lombard_multiple", "lombard_multiple"),
                            ("commercial_margin", "commercial_margin"),
                            ("public_health_margin", "public_health_margin"),
                        ],
                        max_length=30,
                    ),
                ),
                ("since_on", models.DateField(null=True)),
                ("value", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("source", models.CharField(max_length=300)),
                ("confirmed_until", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("series", ""), ("since_on__isnull", True), ("value__isnull", True)
                            ),
                            models.Q(
                                (
                                    "series__in",
                                    [
                                        "nbp_reference",
                                        "nbp_lombard",
                                        "statutory_before_2016",
                                        "capital_margin",
                                        "delay_margin",
                                        "maximum_multiple",
                                        "lombard_multiple",
                                        "commercial_margin",
                                        "public_health_margin",
                                    ],
                                ),
                                ("confirmed_until__gte", models.F("since_on")),
                                ("since_on__isnull", False),
                                ("value__gte", 0),
                                ("value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rate_entry_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="rate_entry_has_a_source",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
