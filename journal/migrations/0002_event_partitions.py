"""The partitioned event table, its guards, and the sequence that numbers batches."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE journal_batch_seq;

CREATE TABLE journal_event (
    recorded_on date NOT NULL,
    id bigint NOT NULL,
    kind varchar(60) NOT NULL,
    subject_kind varchar(20) NOT NULL,
    subject_id bigint NOT NULL,
    actor_kind varchar(10) NOT NULL,
    actor_id varchar(60) NOT NULL,
    effective_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    payload jsonb NOT NULL,
    PRIMARY KEY (recorded_on, id)
) PARTITION BY RANGE (recorded_on);

CREATE INDEX journal_event_by_subject ON journal_event (subject_kind, subject_id, id);

CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();

CREATE TABLE journal_event_default PARTITION OF journal_event DEFAULT;
CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON journal_event_default
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();

CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_no_truncate BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();

CREATE FUNCTION journal_ensure_partitions(since date, months int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    first date;
    name text;
    made int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('journal.partitions'));
    FOR first IN
        SELECT generate_series(date_trunc('month', since::timestamp),
                               date_trunc('month', since::timestamp) + make_interval(months => months),
                               interval '1 month')::date
    LOOP
        name := 'journal_event_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        CONTINUE WHEN EXISTS (
            SELECT 1 FROM journal_event_default
            WHERE recorded_on >= first AND recorded_on < first + interval '1 month'
        );
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF journal_event FOR VALUES FROM (%L) TO (%L)',
            name, first, (first + interval '1 month')::date);
        EXECUTE format(
            'CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON %I
             FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

SELECT journal_ensure_partitions((current_date - interval '3 months')::date, 15);
"""

BACKWARD = """
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP TRIGGER journal_seal_no_truncate ON journal_seal;
DROP TABLE journal_event;
DROP FUNCTION journal_ensure_partitions(date, int);
DROP FUNCTION journal_refuse_change();
DROP SEQUENCE journal_batch_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
