import { registry } from "@web/core/registry";

const AMOUNT = ".o_counter_amount";
const bill = (index) => `.o_counter_bill:eq(${index})`;

registry.category("web_tour.tours").add("property_counter", {
    steps: () => [
        {
            content: "the search box has the focus",
            trigger: ".o_counter_search .o_property_caller input:focus",
            run: "edit 1-1-101",
        },
        {
            trigger: ".o_property_caller_menu .o_property_caller_row:contains(1-1-101)",
        },
        {
            content: "Enter takes the first that was found",
            trigger: ".o_counter_search .o_property_caller input",
            run: "press Enter",
        },
        {
            content: "all bills are ticked and the amount has the focus",
            trigger: `${AMOUNT}:focus:value(463.50)`,
            run: "press ArrowUp",
        },
        {
            content: "the newest bill is not paid now",
            trigger: `${bill(1)}:focus`,
            run: "press Space",
        },
        {
            trigger: `${bill(1)}:not(.o_counter_ticked)`,
            run: "press Enter",
        },
        {
            content: "another method",
            trigger: `${AMOUNT}:focus:value(231.75)`,
            run: "press PageDown",
        },
        {
            trigger: ".o_counter_method:eq(1)[aria-checked=true]",
        },
        {
            content: "somebody hands over more",
            trigger: AMOUNT,
            run: "edit 300",
        },
        {
            trigger: ".o_counter_rest:contains(68.25)",
        },
        {
            trigger: AMOUNT,
            run: "press Enter",
        },
        {
            content: "the receipt is written and can be printed at once",
            trigger: ".o_counter_done .o_counter_receipt:contains(SJ)",
        },
        {
            trigger: ".o_counter_print:focus",
        },
        {
            content: "what was too much is offered for what is still open",
            trigger: ".o_counter_credit:contains(68.25)",
        },
        {
            trigger: `${AMOUNT}:value(163.50)`,
            run: "press Control+Enter",
        },
        {
            trigger: ".o_counter_due:contains(0.00)",
        },
        {
            content: "three months ahead",
            trigger: ".o_counter_months",
            run: "edit 3",
        },
        {
            trigger: ".o_counter_quote",
            run: "click",
        },
        {
            trigger: `${AMOUNT}:focus:value(671.25)`,
            run: "press Enter",
        },
        {
            trigger: ".o_counter_latest:contains(671.25)",
        },
        {
            content: "and the next household",
            trigger: ".o_counter_done",
            run: "press F2",
        },
        {
            trigger: ".o_counter_empty",
        },
        {
            trigger: ".o_counter_search .o_property_caller input:focus",
        },
    ],
});
