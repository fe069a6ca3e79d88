import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// A day from the first contact to the filed dossier, one tour for each who acts.
// But for the last, few steps look for words of the screen: they are what people typed.

const CUSTOMER = "苏州远航精密机械";
const PERSON = "周志强";
const REASON = "请补开户行与账号";

const noDialog = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal))",
};
const submitted = {
    trigger: ".o_statusbar_status .o_arrow_button_current[data-value='review']",
};

registry.category("web_tour.tours").add("customer_archive_day_first_contact", {
    steps: () => [
        {
            content: "The customer is among the contacts; nothing is on file yet",
            trigger: ".o_form_view .nav-link[name='customer_archive']",
            run: "click",
        },
        {
            trigger: "button[name='action_open_dossier']:visible",
            run: "click",
        },
        {
            content: "What the customer does",
            trigger: ".o_customer_dossier_form .nav-link[name='business']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='main_business'] textarea",
            run: "edit 精密零件加工",
        },
        {
            content: "Whom we met",
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
            run: `edit ${PERSON}`,
        },
        {
            trigger: `.modal .o-autocomplete--dropdown-item:contains('${PERSON}')`,
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) .tab-pane.active .o_data_row:contains('${PERSON}')`,
        },
        ...stepUtils.saveForm(),
        {
            content: "What was heard, in three fields",
            trigger: "button[name='action_log_fact']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='information'] textarea",
            run: "edit 明年二季度新建第三车间",
        },
        {
            trigger: ".modal .o_field_widget[name='is_major'] input",
            run: "click",
        },
        {
            trigger: ".modal footer button[special='save'], .modal .o_form_button_save",
            run: "click",
        },
        noDialog,
        {
            content: "It stands in the sheet of annex 5",
            trigger: ".nav-link[name='facts']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='insight_sheet'] td:contains('第三车间')",
        },
        {
            content: "What is missing is one click away",
            trigger: ".o_customer_dossier_missing button[name='action_fill_missing']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='shareholders'] textarea",
            run: "edit 远航控股",
        },
        {
            trigger: ".modal footer button[special='save'], .modal .o_form_button_save",
            run: "click",
        },
        noDialog,
        {
            content: "To the superior, in Chinese",
            trigger: "button[name='action_submit']:contains('提交审核')",
            run: "click",
        },
        submitted,
    ],
});

registry.category("web_tour.tours").add("customer_archive_day_refuse", {
    steps: () => [
        {
            content: "The supervisor refuses from the list",
            trigger: `.o_data_row:contains('${CUSTOMER}') button[name='action_refuse']`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: `edit ${REASON}`,
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "and it no longer waits for him",
            trigger: `body:not(:has(.modal)):not(:has(.o_data_row:contains('${CUSTOMER}')))`,
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_day_mend", {
    steps: () => [
        {
            content: "The salesperson finds it among what he collects",
            trigger: `.o_kanban_group:eq(0) .o_kanban_record:contains('${CUSTOMER}')`,
            run: "click",
        },
        {
            content: "and reads why",
            trigger: `.o_customer_dossier_form .alert:contains('${REASON}')`,
        },
        {
            trigger: ".o_customer_dossier_missing button[name='action_fill_missing']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='bank_name'] input",
            run: "edit 中国银行苏州分行",
        },
        {
            trigger: ".modal .o_field_widget[name='bank_account'] input",
            run: "edit 4567 0001",
        },
        {
            trigger: ".modal footer button[special='save'], .modal .o_form_button_save",
            run: "click",
        },
        noDialog,
        {
            trigger: "button[name='action_submit']",
            run: "click",
        },
        submitted,
    ],
});

registry.category("web_tour.tours").add("customer_archive_day_approve", {
    steps: () => [
        {
            content: "Now the supervisor approves, with a remark",
            trigger: `.o_data_row:contains('${CUSTOMER}') button[name='action_approve_with_comment']`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason']:visible textarea",
            run: "edit 已核实",
        },
        {
            trigger: ".modal button[name='action_approve']",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)):not(:has(.o_data_row:contains('${CUSTOMER}')))`,
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_day_incoming", {
    steps: () => [
        {
            content: "Somebody called; the archivist notes it",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='name'] input",
            run: "edit 来电询问交货期",
        },
        {
            trigger: ".o_field_widget[name='partner_id'] input",
            run: `edit ${PERSON}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains('${PERSON}')`,
            run: "click",
        },
        {
            content: "The dossier is proposed",
            trigger: `.o_field_widget[name='dossier_id'] input:value('${CUSTOMER}')`,
        },
        ...stepUtils.saveForm(),
        {
            content: "and the call is filed in it",
            trigger: "button[name='action_file_fact']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='filed']",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_day_register", {
    steps: () => [
        {
            content: "The archivist finds the dossier in the register",
            trigger: `.o_data_row:contains('${CUSTOMER}') .o_data_cell[name='number']`,
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='filed']",
        },
        {
            trigger: ".nav-link[name='facts']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='fact_ids'] .o_data_row:contains('交货期')",
        },
        {
            content: "with its whole history",
            trigger: ".nav-link[name='history']",
            run: "click",
        },
        {
            trigger: `.o_field_widget[name='change_ids'] .o_data_row:contains('${REASON}')`,
        },
        {
            content: "and prints the form",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('打印')",
            run: "hover",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains('客户档案表')",
            run: "click",
        },
        {
            content: "No refusal",
            trigger: "body:not(:has(.modal)):not(:has(.o-dropdown--menu))",
        },
    ],
});
