from odoo.tools import SQL

from .models.customer_access_table import drop_tables


def uninstall_hook(env):
    """What Odoo doesn't take along by itself.

    The record of who looked lies in tables that it doesn't know; the archive's menu
    would lead to an action that is gone, and nobody could open the web client; groups
    that a tier names could not be deleted.
    """
    drop_tables(env.cr)
    env.ref("customer_archive.customer_archive_menu").action = False
    # the columns go with the addon; no announcement of a change nobody will see
    env.cr.execute(
        SQL(
            "UPDATE customer_tier SET clearance_group_id = NULL,"
            " borrower_group_id = NULL"
        )
    )
    env["customer.tier"].invalidate_model()
