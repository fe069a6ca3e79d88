from odoo.modules import db


def pre_init_hook(env):
    """Have the database compare names (S4-27).

    Odoo adds the extension to databases it makes itself, not to those made by hand.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    env.registry.has_trigram = db.has_trigram(env.cr)
