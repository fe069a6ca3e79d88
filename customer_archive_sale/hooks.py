def post_init_hook(env):
    """Put the trade of before the installation on file.

    One slice now, the rest by the scheduler, which commits after each: the
    installation is one transaction.
    """
    transactions = env["customer.transaction"]
    for model_name in transactions._get_source_names():
        transactions._record_slice(model_name)
    env.ref("customer_archive_sale.ir_cron_record_trade")._trigger()
