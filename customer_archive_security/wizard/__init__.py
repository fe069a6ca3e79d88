from . import customer_loan_call_back
from . import customer_loan_request
from . import customer_secrecy_propose
from . import customer_dossier_readers
from . import customer_dossier_reader
from . import customer_access_review
