"""The shipped strategies in force as version 1, and room on the rows that a night rewrites."""

from pathlib import Path

from django.db import migrations

from escalation.loading import load_strategy
from kernel.clock import now

FOLDER = Path(__file__).parents[1] / "strategies"


def put_in_force(apps, schema_editor):
    strategy_model = apps.get_model("escalation", "Strategy")
    version_model = apps.get_model("escalation", "StrategyVersion")
    for path in sorted(FOLDER.glob("*.toml")):
        source = path.read_text(encoding="utf-8")
        loaded = load_strategy(source)
        strategy = strategy_model.objects.create(key=loaded.key)
        version_model.objects.create(
            strategy=strategy,
            number=1,
            source=source,
            status="in_force",
            is_shipped=True,
            in_flight=loaded.in_flight.value,
            proposed_at=now(),
        )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE escalation_enrolment SET (fillfactor = 50)",
            "ALTER TABLE escalation_enrolment RESET (fillfactor)",
        ),
        migrations.RunPython(put_in_force, migrations.RunPython.noop),
    ]
