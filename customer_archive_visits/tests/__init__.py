from . import test_visit
from . import test_visit_calendar
from . import test_visit_report
