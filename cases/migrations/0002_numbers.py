"""The sequence of case numbers, and room on the page for rows that are rewritten often."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE cases_number_seq;
ALTER TABLE cases_case SET (fillfactor = 50);
ALTER TABLE cases_workitem SET (fillfactor = 70);
"""
BACKWARD = """
DROP SEQUENCE cases_number_seq;
ALTER TABLE cases_case RESET (fillfactor);
ALTER TABLE cases_workitem RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
