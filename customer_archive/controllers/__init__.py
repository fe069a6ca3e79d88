from . import customer_analysis
from . import customer_form
from . import customer_volume
