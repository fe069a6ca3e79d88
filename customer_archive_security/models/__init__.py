from . import customer_clearance_mixin
from . import customer_secrecy
from . import customer_tier
from . import customer_loan
from . import customer_dossier_clearance
from . import customer_archive_policy
from . import customer_archive_policy_access
from . import customer_access_log
