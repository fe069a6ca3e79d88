{
    "name": "Customer Archive: Security",
    "version": "19.0.1.0.0",
    "summary": "Clearance, loans of dossiers, and the record of who looked",
    "author": "Customer Archive Team",
    "category": "Sales/Customer Archive",
    "license": "LGPL-3",
    "depends": ["customer_archive"],
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "data/customer_secrecy_data.xml",
        "data/customer_tier_data.xml",
        "views/customer_archive_policy_views.xml",
        "views/customer_dossier_views.xml",
    ],
    "application": True,
}
