from . import customer_trade_source
from . import customer_archive_policy
from . import customer_dossier
from . import customer_transaction
from . import customer_transaction_follow
from . import sale_order
from . import account_move
