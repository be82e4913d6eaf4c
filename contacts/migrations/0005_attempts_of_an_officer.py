from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Attempts are many: the index is built beside the people who log them.
    atomic = False

    dependencies = [
        ("contacts", "0004_contact_details_and_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("logged_by__isnull", False)),
                fields=["logged_by", "happened_on"],
                name="attempt_by_officer",
            ),
        ),
    ]
