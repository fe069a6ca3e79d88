import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// A list of dossiers whose term is over, from hand to hand until they are destroyed.

const atStage = (state) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current[data-value='${state}']`,
});

registry.category("web_tour.tours").add("customer_archive_disposal_draw_up", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='reason'] textarea",
            run: "edit 保管期限已满，逐卷鉴定",
        },
        ...stepUtils.saveForm(),
        {
            trigger: "button[name='action_fill']:contains('列出')",
            run: "click",
        },
        {
            trigger: "[name='line_ids'] .o_data_row:contains('镇江旧城仪表厂')",
        },
        {
            trigger: "button[name='action_submit']",
            run: "click",
        },
        atStage("review"),
    ],
});

registry.category("web_tour.tours").add("customer_archive_disposal_approve", {
    steps: () => [
        {
            content: "What is decided on is seen, whether its dossiers are open or not",
            trigger: "[name='stub_list']:contains('镇江旧城仪表厂')",
        },
        {
            trigger: "button[name='action_approve']:contains('批准')",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_statusbar_buttons button[name='action_approve']))",
        },
    ],
});

const sign = [
    {
        trigger: "button[name='action_witness']:contains('监销人签字')",
        run: "click",
    },
    {
        trigger: ".modal:contains('第二位监销人签字后') .modal-footer .btn-primary",
        run: "click",
    },
];

registry.category("web_tour.tours").add("customer_archive_disposal_first_witness", {
    steps: () => [
        ...sign,
        {
            content: "Nobody signs twice",
            trigger:
                ".o_form_view:has([name='witness_1_id']):not(:has(button[name='action_witness']))",
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_disposal_second_witness", {
    steps: () => [...sign, atStage("running")],
});
