from . import customer_archive_print
