from . import test_access_rules
from . import test_dossier
from . import test_key_person
from . import test_query_counts
from . import test_tier
from . import test_transaction
from . import test_read_hook
from . import test_team_supervisor
