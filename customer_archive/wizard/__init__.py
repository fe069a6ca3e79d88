from . import base_partner_merge_automatic_wizard
from . import customer_approval_refuse
from . import customer_strike_out
