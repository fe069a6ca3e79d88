from . import customer_loan_request
from . import customer_secrecy_propose
