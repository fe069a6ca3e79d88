from . import base_partner_merge_automatic_wizard
from . import customer_approval_refuse
from . import customer_form_import
from . import customer_form_import_file
from . import customer_strike_out
from . import customer_tier_adjust
from . import customer_tier_past
