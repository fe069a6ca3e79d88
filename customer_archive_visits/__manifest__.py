{
    "name": "Customer Archive: Visits",
    "version": "19.0.1.0.0",
    "summary": "Rhythm of calls and visits, visit plans and reports, for every dossier",
    "author": "Customer Archive Team",
    "category": "Sales/Customer Archive",
    "license": "LGPL-3",
    "depends": ["customer_archive", "calendar", "base_automation"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/customer_interaction_views.xml",
        "views/customer_archive_visits_menus.xml",
    ],
    "application": True,
}
