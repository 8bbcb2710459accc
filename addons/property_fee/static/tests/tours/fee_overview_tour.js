import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_fee_overview", {
    steps: () => [
        {
            content: "the amounts are shown",
            trigger: ".o_property_tile[data-key=open]",
        },
        {
            content: "the chart is drawn",
            trigger: ".o_property_overview_chart canvas",
        },
        {
            content: "choose the community",
            trigger:
                ".o_property_fee_overview_action select:has(option:contains(Lakeside))",
            run: "selectByLabel Lakeside",
        },
        {
            content: "open what is forgotten",
            trigger: ".o_property_todo[data-key=unassigned] .badge:contains(4)",
            run: "click",
        },
        {
            content: "the units are listed",
            trigger: ".o_list_view .o_data_row:contains(1-1-201)",
        },
        {
            content: "go back",
            trigger: ".o_back_button a, .o_back_button",
            run: "click",
        },
        {
            content: "the page is back with its community",
            trigger: ".o_property_todo[data-key=unassigned] .badge:contains(4)",
        },
    ],
});
