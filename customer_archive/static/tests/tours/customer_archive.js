import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// No step looks for words: the tours run in any language.

registry.category("web_tour.tours").add("customer_archive_collect", {
    steps: () => [
        {
            content: "The contact's page about the dossier",
            trigger: ".o_form_view .nav-link[name='customer_archive']",
            run: "click",
        },
        {
            content: "Nothing on file: start a dossier",
            trigger: "button[name='action_open_dossier']:visible",
            run: "click",
        },
        {
            content: "The customer is filled in; say what he does",
            trigger: ".o_customer_dossier_form .nav-link[name='business']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='main_business'] textarea",
            run: "edit Machine tools",
        },
        {
            content: "A key person",
            trigger: ".nav-link[name='persons']",
            run: "click",
        },
        {
            trigger:
                ".tab-pane.active [name='person_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='partner_id'] input",
            run: "edit Tour Person",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains('Tour Person')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='mobile_phone'] input",
            run: "edit 139 5550 9999",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "A transaction",
            trigger:
                "body:not(:has(.modal)) .tab-pane.active .o_data_row:contains('Tour Person')",
        },
        {
            trigger: ".nav-link[name='trade']",
            run: "click",
        },
        {
            trigger: "[name='transaction_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "[name='transaction_ids'] .o_selected_row [name='name'] input",
            run: "edit TOUR-1",
        },
        {
            trigger: "[name='transaction_ids'] .o_selected_row [name='amount'] input",
            run: "edit 1200",
        },
        ...stepUtils.saveForm(),
        {
            content: "The number is drawn; hand it to the superior",
            trigger: "button[name='action_submit']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='review']",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_forbidden_move", {
    steps: () => [
        {
            content: "A salesperson drags a dossier to “Filed”",
            trigger: ".o_kanban_group:eq(1) .o_kanban_record:contains('Tour Customer')",
            run: "drag_and_drop (.o_kanban_group:eq(2))",
        },
        {
            content: "and is told who files it",
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            content: "The dossier is back where it was",
            trigger:
                "body:not(:has(.modal)) .o_kanban_group:eq(1) .o_kanban_record:contains('Tour Customer')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_file", {
    steps: () => [
        {
            content: "The supervisor opens what waits for review",
            trigger: ".o_kanban_group:eq(1) .o_kanban_record:contains('Tour Customer')",
            run: "click",
        },
        {
            trigger: ".o_customer_dossier_form button[name='action_approve']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='filed']",
        },
    ],
});
