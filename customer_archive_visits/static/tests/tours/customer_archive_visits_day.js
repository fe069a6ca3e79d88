import {formatDate, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const {DateTime} = luxon;

// A salesperson's day, at a desk and on a phone. Few steps look for words of the
// screen: they are what people typed.

const CALLED = "无锡恒达轴承";
const VISITED = "苏州远航精密机械";
const PERSON = "周志强";
const OBJECTIVE = "谈定下半年框架合同";

const card = (customer, icon) =>
    `.o_kanban_record:contains('${customer}'):has(.${icon})`;
const dialog = ".modal:not(.o_inactive_modal)";
const field = (name) => `.o_field_widget[name='${name}']`;
const noDialog = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal))",
};
const save = {
    trigger: `${dialog} footer button[special='save'], ${dialog} .o_form_button_save`,
    run: "click",
};
const isState = (state) => ({
    trigger: `.o_statusbar_status:has(.o_arrow_button_current[data-value='${state}'])`,
});

// In a line of a list at a desk, in a dialog on a phone.
const addLine = (lines, values) => [
    {
        isActive: ["desktop"],
        trigger: `${dialog} ${field(lines)} .o_field_x2many_list_row_add a`,
        run: "click",
    },
    ...Object.entries(values).map(([name, value]) => ({
        isActive: ["desktop"],
        trigger: `${dialog} ${field(lines)} .o_selected_row ${field(name)} input`,
        run: `edit ${value}`,
    })),
    {
        isActive: ["mobile"],
        trigger: `${dialog} ${field(lines)} .o-kanban-button-new`,
        run: "click",
    },
    ...Object.entries(values).map(([name, value]) => ({
        isActive: ["mobile"],
        trigger: `${dialog}:not(:has(.o_customer_visit_report)) ${field(name)} input`,
        run: `edit ${value}`,
    })),
    {
        isActive: ["mobile"],
        trigger: `${dialog}:not(:has(.o_customer_visit_report)) .o_form_button_save`,
        run: "click",
    },
    {
        trigger: `${dialog}:has(.o_customer_visit_report)`,
    },
];

const calls = [
    {
        content: "Nobody answers at the first",
        trigger: `${card(VISITED, "fa-phone")} button[name='action_not_reached']`,
        run: "click",
    },
    {
        content: "It waits for another day",
        trigger: `.o_kanban_group:eq(0):not(:has(${card(VISITED, "fa-phone")}))`,
    },
    {
        content: "The second answers",
        trigger: `${card(CALLED, "fa-phone")} button[name='action_done']:contains('已致电')`,
        run: "click",
    },
    {
        content: "With whom is proposed",
        trigger: `${dialog} ${field("person_ids")}:contains('吴敏')`,
    },
    {
        trigger: `${dialog} ${field("summary")} textarea`,
        run: "edit 三季度用量不变",
    },
    {
        trigger: `${dialog} ${field("next_step")} input`,
        run: "edit 周五送样品",
    },
    save,
    noDialog,
    {
        content: "and has left the overdue ones",
        trigger: `.o_kanban_group:eq(0):not(:has(${card(CALLED, "fa-phone")}))`,
    },
];

const plan = () => [
    {
        content: "A visit is due: plan it",
        trigger: `${card(VISITED, "fa-car")} button[name='action_plan_visit']`,
        run: "click",
    },
    {
        content: "to whom the rhythm asks for",
        trigger: `.o_form_view ${field("person_ids")}:contains('${PERSON}')`,
    },
    {
        trigger: `${field("objective")} input`,
        run: `edit ${OBJECTIVE}`,
    },
    {
        trigger: `${field("date_start")} input`,
        run: `edit ${formatDateTime(DateTime.now().minus({minutes: 10}))}`,
    },
    {
        content: "Whoever is visited is asked first",
        isActive: ["desktop"],
        trigger: `${field("appointment_person_id")} input`,
        run: "click",
    },
    {
        isActive: ["desktop"],
        trigger: `.o-autocomplete--dropdown-item:contains('${PERSON}')`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: `${field("appointment_person_id")} input`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: `.modal .o_kanban_record:contains('${PERSON}')`,
        run: "click",
    },
    noDialog,
    ...stepUtils.saveForm(),
    {
        trigger: "button[name='action_confirm']:contains('已约定')",
        run: "click",
    },
    isState("confirmed"),
];

const report = () => [
    {
        content: "Made, and reported at once",
        trigger: "button[name='action_done']",
        run: "click",
    },
    {
        content: "Whom we wanted to meet is ticked",
        trigger: `${dialog} ${field("met_person_ids")} input:checked`,
    },
    {
        trigger: `${dialog} ${field("summary")} textarea`,
        run: "edit 对价格满意，要求缩短交货期",
    },
    {
        trigger: `${dialog} ${field("result")} .o_selection_badge:contains('C')`,
        run: "click",
    },
    {
        trigger: `${dialog} ${field("objective_met")} .o_selection_badge:eq(0)`,
        run: "click",
    },
    ...addLine("promise_ids", {
        name: "下周三前给新报价",
        date: formatDate(DateTime.now().plus({days: 7})),
    }),
    ...addLine("expense_ids", {name: "高铁", amount: "86"}),
    {
        content: "After a C the next visit is proposed",
        trigger: `${dialog} ${field("next_date")} button`,
    },
    {
        trigger: `${dialog} button[name='action_submit_report']`,
        run: "click",
    },
    noDialog,
    isState("reported"),
];

registry.category("web_tour.tours").add("customer_archive_visits_day", {
    steps: () => [...calls, ...plan(), ...report()],
});
