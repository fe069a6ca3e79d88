from .models.customer_access_table import drop_tables


def uninstall_hook(env):
    """The record of who looked lies in tables that Odoo doesn't know."""
    drop_tables(env.cr)
