from . import customer_form
