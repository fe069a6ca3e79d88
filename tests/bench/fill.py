"""Many rows by SQL: copies of one that the ORM made, so that no column is forgotten."""

from odoo.tools import SQL

OWNERS = 100


def copy_row(record, count, **columns):
    """Add ``count`` copies of the record.

    :param columns: {column: SQL expression that may use copy.n and copy.id}
    :return: id of the last row before the copies; they follow without a gap
    """
    env, table = record.env, record._table
    env.flush_all()
    ((last,),) = env.execute_query(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s"
        " AND is_generated = 'NEVER' AND column_name <> 'id'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = [
        SQL(columns[name]) if name in columns else SQL.identifier("original", name)
        for name in names
    ]
    env.execute_query(
        SQL(
            "INSERT INTO %s (id, %s) SELECT copy.id, %s FROM %s original, LATERAL"
            " (SELECT n, %s + n AS id FROM generate_series(1, %s) n) copy"
            " WHERE original.id = %s RETURNING 1",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values),
            SQL.identifier(table),
            last,
            count,
            record.id,
        )
    )
    env.cr.execute(
        "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last + count]
    )
    return last


def _take_turns(ids):
    return f"(ARRAY{list(ids)})[1 + mod(copy.n, {len(ids)})]"


def add_customers(env, count, owner_ids):
    """Companies with address, e-mail, phone and salesperson, the owners in turn.

    :return: id before the first of them
    """
    customer = env["res.partner"].create(
        {
            "name": "Customer",
            "is_company": True,
            "street": "1 High Street",
            "city": "Springfield",
            "zip": "12345",
            "country_id": env.ref("base.us").id,
        }
    )
    return copy_row(
        customer,
        count,
        name="'Customer ' || lpad(copy.n::text, 7, '0')",
        complete_name="'Customer ' || lpad(copy.n::text, 7, '0')",
        email="'office@customer' || copy.n || '.example'",
        email_normalized="'office@customer' || copy.n || '.example'",
        phone="'+1 555 ' || lpad(copy.n::text, 7, '0')",
        commercial_partner_id="copy.id",
        user_id=_take_turns(owner_ids),
    )


def add_dossiers(env, owner_ids, before_customers, count, deals=2, **columns):
    """A filed dossier for each customer, in turn of the owners, with deals.

    :param columns: as for :func:`copy_row`
    :return: id before the first dossier
    """
    dossier = env["customer.dossier"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Original"}).id,
            "user_id": owner_ids[0],
            "keeper_id": False,
            "state": "filed",
            "tier_id": env.ref("customer_archive.customer_tier_c").id,
        }
    )
    before_dossiers = copy_row(
        dossier,
        count,
        number="'BENCH' || lpad(copy.n::text, 7, '0')",
        partner_id=f"{before_customers} + copy.n",
        user_id=_take_turns(owner_ids),
        **columns,
    )
    if deals:
        transaction = env["customer.transaction"].create(
            {"dossier_id": dossier.id, "date": "2026-01-15", "amount": 100}
        )
        copy_row(
            transaction,
            count * deals,
            dossier_id=f"{before_dossiers} + 1 + mod(copy.n, {count})",
            name="'O' || copy.n",
            date="date '2026-01-15' - mod(copy.n, 1000)",
        )
    return before_dossiers
