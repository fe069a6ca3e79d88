from . import visit_day
