import {registry} from "@web/core/registry";

// A manager's month end, at a desk and on a phone. Few steps look for words of the
// screen: they are what people typed.

const DROPPED = "昆山联创模具";
const APPROVED = "苏州远航精密机械";
const REFUSED = "无锡恒达轴承";
const MISSING = "常州新科传动";
const REPORTED = "南通江海重工";

const card = (icon) => `.o_kanban_record:has(.${icon})`;
// A line of a list at a desk, a card on a phone.
const row = (name, within = "", such = "") =>
    [".o_data_row", ".o_kanban_record"]
        .map((record) => `${record}${such}:contains('${name}') ${within}`)
        .join(", ");
const isGone = (name) =>
    `.o_action_manager:not(:has(.o_data_row:contains('${name}'))):not(:has(.o_kanban_record:contains('${name}')))`;
const isState = (state) => ({
    trigger: `.o_statusbar_status:has(.o_arrow_button_current[data-value='${state}'])`,
});
const back = [
    {
        isActive: ["desktop"],
        trigger: ".o_back_button a",
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: ".o_back_button",
        run: "click",
    },
];
const openLines = [
    {
        isActive: ["desktop"],
        trigger: ".oe_stat_button[name='action_open_lines']",
        run: "click",
    },
    {
        content: "On a phone stat buttons are behind a menu; one is on the page",
        isActive: ["mobile"],
        trigger: ".btn-secondary[name='action_open_lines']",
        run: "click",
    },
];
const giveUp = (customer, reason) => [
    {
        trigger: row(customer, "button[name='action_give_up']"),
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name='reason'] .o_input",
        run: `edit ${reason}`,
    },
    {
        trigger: ".modal footer button[name='action_confirm']",
        run: "click",
    },
    {
        trigger: "body:not(:has(.modal))",
    },
    {
        content: "It is no longer among those to visit",
        trigger: `${isGone(customer)} :contains('${APPROVED}')`,
    },
];

registry.category("web_tour.tours").add("customer_archive_visits_month_plan", {
    steps: () => [
        {
            content: "Next month's plan has not begun",
            trigger: `${card("fa-calendar")} button[name='action_open']`,
            run: "click",
        },
        {
            content: "It is filled with what falls due",
            trigger: `.o_field_widget[name='overview']:contains('${APPROVED}')`,
        },
        ...openLines,
        ...giveUp(DROPPED, "停产检修"),
        ...back,
        {
            trigger: "button[name='action_submit']",
            run: "click",
        },
        isState("review"),
    ],
});

registry.category("web_tour.tours").add("customer_archive_visits_month_approve", {
    steps: () => [
        {
            content: "Something waits for the superior",
            trigger: `${card("fa-gavel")} button[name='action_open']`,
            run: "click",
        },
        {
            trigger: row("王芳", "button[name='action_open_record']"),
            run: "click",
        },
        {
            content: "The plan on one page, with what was dropped and why",
            trigger: ".o_field_widget[name='overview']:contains('停产检修')",
        },
        ...openLines,
        {
            content: "One line is approved",
            trigger: row(APPROVED, "button[name='action_approve']"),
            run: "click",
        },
        {
            trigger: row(APPROVED, "", ":not(:has(button[name='action_approve']))"),
        },
        ...giveUp(REFUSED, "上周刚拜访过"),
        ...back,
        {
            content: "and the plan as a whole",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        isState("approved"),
    ],
});

registry.category("web_tour.tours").add("customer_archive_visits_month_reports", {
    steps: () => [
        {
            content: "Reports of the team are missing",
            trigger: `${card("fa-pencil-square-o")} button[name='action_open']`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.o_data_row:contains('${MISSING}') [name='partner_id']`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `.o_kanban_record:contains('${MISSING}') .fs-5`,
            run: "click",
        },
        {
            content: "Made, and not reported",
            trigger: ".o_form_view:has(.alert-danger:visible)",
        },
        isState("done"),
    ],
});

registry.category("web_tour.tours").add("customer_archive_visits_month_read", {
    steps: () => [
        {
            trigger: `.o_kanban_record:contains('${REPORTED}') .fs-5`,
            run: "click",
        },
        {
            content: "What was said, and what came of it",
            trigger: ".o_form_view:contains('同意试用新品')",
        },
        isState("reported"),
    ],
});

registry.category("web_tour.tours").add("customer_archive_visits_month_coverage", {
    steps: () => [
        {
            content: "Whose customers are visited in time",
            isActive: ["desktop"],
            trigger: ".o_pivot:contains('王芳')",
        },
        {
            isActive: ["desktop"],
            trigger: "button.o_list",
            run: "click",
        },
        {
            content: "From the count to the customers",
            isActive: ["desktop"],
            trigger:
                ".o_data_row:contains('王芳'):contains('A'):has(.text-bg-warning) [name='customer_count']",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger:
                ".o_kanban_record:contains('王芳'):contains('A'):has(.text-bg-warning)",
            run: "click",
        },
        {
            trigger: row(APPROVED),
        },
    ],
});

registry.category("web_tour.tours").add("customer_archive_visits_month_fact", {
    steps: () => [
        {
            content: "What was planned, beside what came of it",
            isActive: ["desktop"],
            trigger: ".o_pivot:contains('王芳')",
        },
        {
            isActive: ["desktop"],
            trigger: "button.o_list",
            run: "click",
        },
        {
            trigger: row(REPORTED),
        },
        {
            trigger: row(MISSING),
        },
    ],
});
