from django.db import migrations


class Migration(migrations.Migration):
    """The table of the shared cache. What it holds may be lost, so that it needs no log."""

    dependencies = [("collections_app", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE collections_app_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX collections_app_cache_expires ON collections_app_cache (expires);
            """,
            "DROP TABLE collections_app_cache",
        )
    ]
