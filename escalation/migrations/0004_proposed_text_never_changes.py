"""What was proposed is what is decided on and what comes into force: the database holds it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION escalation_version_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of a version of a strategy never changes (version %)', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER escalation_version_is_fixed
    BEFORE UPDATE ON escalation_strategyversion FOR EACH ROW
    WHEN (ROW(OLD.strategy_id, OLD.number, OLD.source, OLD.in_flight, OLD.proposed_by_id)
          IS DISTINCT FROM
          ROW(NEW.strategy_id, NEW.number, NEW.source, NEW.in_flight, NEW.proposed_by_id))
    EXECUTE FUNCTION escalation_version_is_fixed();
"""
BACK = """
DROP TRIGGER escalation_version_is_fixed ON escalation_strategyversion;
DROP FUNCTION escalation_version_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("escalation", "0003_drafts_and_simulations")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
