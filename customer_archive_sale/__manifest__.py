{
    "name": "Customer Archive: Sales",
    "version": "19.0.1.0.0",
    "summary": "Sales orders and credit notes as transactions of the dossier",
    "author": "Customer Archive Team",
    "category": "Sales/Customer Archive",
    "license": "LGPL-3",
    "depends": ["customer_archive", "sale"],
    "data": [
        "data/ir_cron_data.xml",
        "views/customer_transaction_views.xml",
        "views/customer_dossier_views.xml",
        "views/customer_archive_policy_views.xml",
    ],
    "demo": ["demo/sale_order_demo.xml"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
