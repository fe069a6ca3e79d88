from . import test_taking_out
from . import test_clearance
from . import test_access_log
from . import test_access_seal
from . import test_handover
from . import test_incident
