import {registry} from "@web/core/registry";

// A dossier closed to somebody: asked for, lent, read and given back.

registry.category("web_tour.tours").add("customer_archive_borrow_ask", {
    steps: () => [
        {
            trigger: ".nav-link[name='customer_archive']",
            run: "click",
        },
        {
            content: "Number and keeper are all there is",
            trigger: ".tab-pane.active:contains('赵静')",
        },
        {
            trigger: "button[name='action_request_dossier']:contains('申请借阅')",
            run: "click",
        },
        {
            trigger: ".modal [name='purpose'] textarea",
            run: "edit 采购比价",
        },
        {
            trigger: ".modal [name='quantity'] input",
            run: "edit 交易情况",
        },
        {
            trigger: ".modal [name='is_confirmed'] input",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "Whose turn it is",
            trigger: ".o_form_view [name='waiting_for']:contains('客户服务部')",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_borrow_approve", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains('苏州远航') button[name='action_approve']:contains('批准')",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('苏州远航')))",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_borrow_read", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('苏州远航') .o_data_cell[name='number']",
            run: "click",
        },
        {
            trigger: "button[name='action_open_dossier']:contains('打开档案')",
            run: "click",
        },
        {
            content: "It is open, to be read on site",
            trigger: ".o_customer_dossier_form .alert:contains('不得打印')",
        },
        {
            trigger: ".alert button[name='action_give_back']",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is closed, and the borrower sees that it is",
            trigger: ".o_data_row:contains('已归还')",
        },
    ],
});
