from . import test_visit
from . import test_visit_calendar
from . import test_visit_report
from . import test_rhythm
from . import test_sweep
from . import test_day
from . import test_simulated_year
