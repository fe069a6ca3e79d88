from . import test_credit_note
from . import test_first_order
from . import test_followed
from . import test_sale_leaks
from . import test_sale_order
from . import test_trade_slices
