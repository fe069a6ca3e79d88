import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// An archivist files a letter on paper and binds the volume it went to.

registry.category("web_tour.tours").add("customer_archive_file_document", {
    steps: () => [
        {
            content: "Documents of the dossier",
            trigger: ".o_customer_dossier_form .nav-link[name='documents']",
            run: "click",
        },
        {
            content: "Contracts are missing still",
            trigger: ".tab-pane.active .alert:contains('合同与协议')",
        },
        {
            trigger: "[name='document_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name='name'] textarea, .modal .o_field_widget[name='name'] input",
            run: "edit 年度供货协议",
        },
        {
            trigger: ".modal .o_field_widget[name='kind_id'] input",
            run: "edit 合同与协议",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains('合同与协议')",
            run: "click",
        },
        {
            content: "It is on paper, two copies of three pages",
            trigger:
                ".modal .o_field_widget[name='medium'] .o_radio_item:contains('纸质') input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='pages'] input",
            run: "edit 3",
        },
        {
            trigger: ".modal .o_field_widget[name='copies'] input",
            run: "edit 2",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) [name='document_ids'] .o_data_row:contains('年度供货协议')",
        },
        ...stepUtils.saveForm(),
        {
            content: "Its first volume has been opened",
            trigger: "[name='volume_ids'] .o_data_row:contains('立卷中')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_bind_volume", {
    steps: () => [
        {
            content: "The volume is in the list of all volumes",
            trigger: ".o_data_row:contains('苏州远航') .o_data_cell[name='number']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='location'] input",
            run: "edit 档案室 1 号柜 1 格",
        },
        {
            content: "Bound: places and pages are fixed",
            trigger: "button[name='action_bind']:contains('装订')",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current[data-value='bound']",
        },
    ],
});
