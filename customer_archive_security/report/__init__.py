from . import customer_archive_print
from . import record_print
from . import handover_certificate
