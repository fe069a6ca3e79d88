from . import customer_archive_print
from . import handover_certificate
from . import loan_slip
from . import loan_register
from . import subject_data
from . import customer_disclosure
from . import volume
