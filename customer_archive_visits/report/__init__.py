from . import visit_day
from . import annex_6
from . import account_plan
from . import maintenance_plan
from . import visit_plan
