"""Tables below the record of who looked, the triggers that guard them, and the seals.

PostgreSQL keeps them in monthly partitions. A line may be added; within its time slot
its counter may grow; a month may be dropped as a whole. Nothing else, whoever asks.
"""

from odoo.tools import SQL

ENTRIES = "customer_access_entry"

SCHEMA = """
CREATE SEQUENCE IF NOT EXISTS customer_access_entry_id_seq AS integer;
CREATE TABLE IF NOT EXISTS customer_access_entry (
    id integer NOT NULL DEFAULT nextval('customer_access_entry_id_seq'),
    slot timestamp NOT NULL,
    date timestamp NOT NULL,
    user_id integer NOT NULL,
    dossier_res_id integer NOT NULL,
    dossier_number varchar,
    customer_name varchar,
    company_id integer,
    what varchar NOT NULL,
    channel varchar NOT NULL,
    details varchar NOT NULL,
    count integer NOT NULL DEFAULT 1,
    loan_id integer,
    PRIMARY KEY (id, slot),
    UNIQUE (slot, user_id, dossier_res_id, what, channel, details)
) PARTITION BY RANGE (slot);
CREATE INDEX IF NOT EXISTS customer_access_entry_user_idx
    ON customer_access_entry (user_id, slot);
CREATE INDEX IF NOT EXISTS customer_access_entry_dossier_idx
    ON customer_access_entry (dossier_res_id, slot);
CREATE OR REPLACE VIEW customer_access_log AS SELECT * FROM customer_access_entry;

CREATE OR REPLACE FUNCTION customer_access_refuse() RETURNS trigger AS $$
BEGIN
    -- the counter of a slot that is not over yet
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME LIKE 'customer_access_entry%' THEN
        IF NEW.count > OLD.count
            AND OLD.slot > (now() AT TIME ZONE 'UTC') - interval '2 hours'
        THEN
            OLD.count := NEW.count;
            IF NEW IS NOT DISTINCT FROM OLD THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'The record of who looked is changed by nobody.';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER customer_access_entry_no_change
    BEFORE UPDATE OR DELETE ON customer_access_entry
    FOR EACH ROW EXECUTE FUNCTION customer_access_refuse();
CREATE OR REPLACE TRIGGER customer_access_entry_no_truncate
    BEFORE TRUNCATE ON customer_access_entry
    FOR EACH STATEMENT EXECUTE FUNCTION customer_access_refuse();
"""

# Digests of a day's lines stand in the ORM's table of seals, in a column of its own:
# 4 bytes of id and 16 of hash for each, so that a broken line can be named.
SEAL_SCHEMA = """
ALTER TABLE customer_access_seal ADD COLUMN IF NOT EXISTS digests bytea;
CREATE OR REPLACE TRIGGER customer_access_seal_no_change
    BEFORE UPDATE OR DELETE ON customer_access_seal
    FOR EACH ROW EXECUTE FUNCTION customer_access_refuse();
CREATE OR REPLACE TRIGGER customer_access_seal_no_truncate
    BEFORE TRUNCATE ON customer_access_seal
    FOR EACH STATEMENT EXECUTE FUNCTION customer_access_refuse();
"""
LINES_OF_DAY = """
SELECT id, substring(sha256(convert_to(jsonb_build_array(
           id, slot, date, user_id, dossier_res_id, dossier_number, customer_name,
           company_id, what, channel, details, count, loan_id
       )::text, 'UTF8')) FOR 16) AS digest
  FROM customer_access_entry
 WHERE slot >= %(day)s::date AND slot < %(day)s::date + 1
"""
DIGESTS_OF_DAY = f"""
SELECT count(*) AS row_count,
       COALESCE(string_agg(int4send(id) || digest, ''::bytea ORDER BY id), ''::bytea)
       AS digests
  FROM ({LINES_OF_DAY}) AS line
"""
_HASH = """
encode(sha256(convert_to(concat_ws('|',
    {previous}, {seal}.kind, to_char({seal}.day, 'YYYY-MM-DD'), {seal}.row_count,
    extract(epoch FROM {seal}.sealed_date)::bigint
), 'UTF8') || {seal}.digests), 'hex')
"""
# Computed here and not by a function of the database, which could be changed there.
SEAL_DAY = f"""
INSERT INTO customer_access_seal
    (kind, day, row_count, digests, sealed_date, previous_hash, hash)
SELECT new.*, last.hash, {_HASH.format(previous="last.hash", seal="new")}
  FROM (
       SELECT %(kind)s AS kind, %(day)s::date AS day, line.row_count, line.digests,
              date_trunc('second', now() AT TIME ZONE 'UTC') AS sealed_date
         FROM ({DIGESTS_OF_DAY}) AS line
       ) AS new
  LEFT JOIN (SELECT hash FROM customer_access_seal ORDER BY id DESC LIMIT 1) AS last
         ON TRUE
"""
# A seal that follows not from itself and the one before, leaves a day out, or tells
# that a month was dropped which was not yet over.
BROKEN_SEAL = f"""
SELECT id, day FROM (
       SELECT *, lag(hash) OVER (ORDER BY id) AS last_hash,
              lag(day) OVER (PARTITION BY kind ORDER BY id) AS last_day
         FROM customer_access_seal
       ) AS seal
 WHERE hash IS DISTINCT FROM {_HASH.format(previous="last_hash", seal="seal")}
    OR previous_hash IS DISTINCT FROM last_hash
    OR kind = 'day' AND day <> last_day + 1
    OR kind = 'drop' AND day > sealed_date - interval '1 month'
 ORDER BY id LIMIT 1
"""

# One statement for all notes of a transaction. The clock is the database's; the time
# slot is the setting of the dossier's company; a loan is named where one is live.
# In one order everywhere, so that two writers never wait for each other.
INSERT = """
INSERT INTO customer_access_entry AS entry (
    slot, date, user_id, dossier_res_id, dossier_number, customer_name, company_id,
    what, channel, details, loan_id
)
SELECT date_bin(
           make_interval(mins => COALESCE(policy.access_slot_minutes, 10)),
           clock.time, timestamp '2000-01-01'
       ),
       clock.time, note.user_id, note.dossier_id, dossier.number, dossier.partner_name,
       dossier.company_id, note.what, note.channel, note.details, loan.id
  FROM (SELECT date_trunc('second', now() AT TIME ZONE 'UTC') AS time) AS clock
 CROSS JOIN unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::text[])
       AS note (user_id, dossier_id, what, channel, details)
  LEFT JOIN customer_dossier AS dossier ON dossier.id = note.dossier_id
  LEFT JOIN customer_archive_policy AS policy
         ON policy.company_id = dossier.company_id
  LEFT JOIN LATERAL (
       SELECT id FROM customer_loan
        WHERE user_id = note.user_id AND dossier_id = note.dossier_id
          AND state = 'granted'
          AND date_start <= clock.time AND date_end > clock.time
        ORDER BY id DESC LIMIT 1
       ) AS loan ON TRUE
 ORDER BY note.user_id, note.dossier_id, note.what, note.channel, note.details
    ON CONFLICT (slot, user_id, dossier_res_id, what, channel, details)
    DO UPDATE SET count = entry.count + 1
"""


def create_tables(cr):
    """Make what is missing, with partitions for this month and the next two."""
    cr.execute(SCHEMA)
    create_partitions(cr)


def create_partitions(cr, months=3):
    """Make the partitions of this month and the following ones, where missing."""
    cr.execute("SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date")
    (month,) = cr.fetchone()
    for _i in range(months):
        year, number = divmod(month.year * 12 + month.month, 12)
        following = month.replace(year=year, month=number + 1)
        create_partition(cr, month, following)
        month = following


def create_partition(cr, month, following):
    """Make the partition from ``month`` to ``following`` where it is missing."""
    name = f"{ENTRIES}_{month:%Y_%m}"
    if table_exists(cr, name):
        return
    table = SQL.identifier(name)
    cr.execute(
        SQL(
            # room for lines that are counted up: else each look goes into all indexes
            "CREATE TABLE %s PARTITION OF customer_access_entry"
            " FOR VALUES FROM (%s) TO (%s) WITH (fillfactor = 50)",
            table,
            str(month),
            str(following),
        )
    )
    # of a statement's triggers a partition inherits none
    cr.execute(
        SQL(
            "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s"
            " FOR EACH STATEMENT EXECUTE FUNCTION customer_access_refuse()",
            table,
        )
    )


def drop_tables(cr):
    """Drop all of it, with the addon."""
    cr.execute(
        "DROP TABLE IF EXISTS customer_access_entry, customer_access_seal CASCADE;"
        "DROP SEQUENCE IF EXISTS customer_access_entry_id_seq;"
        "DROP FUNCTION IF EXISTS customer_access_refuse"
    )


def drop_partitions(cr, first_day):
    """Drop the partitions of all months before that of ``first_day``."""
    cr.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'customer_access_entry'::regclass"
    )
    kept = f"{ENTRIES}_{first_day:%Y_%m}"
    for (name,) in cr.fetchall():
        if name < kept:
            cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))


def guard_seals(cr):
    """Let nobody change a seal."""
    cr.execute(SEAL_SCHEMA)


def table_exists(cr, name):
    cr.execute("SELECT to_regclass(%s)", [name])
    return cr.fetchone()[0] is not None


def insert_notes(cr, notes):
    """Write ``notes``: tuples of user, dossier, what, channel and details."""
    if notes:
        columns = [list(column) for column in zip(*notes, strict=True)]
        # who calls may try again: no error yet
        cr.execute(INSERT, columns, log_exceptions=False)
