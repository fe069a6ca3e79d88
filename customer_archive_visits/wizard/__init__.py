from . import customer_visit_reason
from . import customer_follow_up_postpone
from . import customer_visit_plan_reason
