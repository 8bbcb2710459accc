import { registry } from "@web/core/registry";

const focused = (code) => `.o_chart_cell[aria-label^="${code},"]:focus`;

registry.category("web_tour.tours").add("property_building_chart", {
    steps: () => [
        {
            content: "the first building stands floor by floor",
            trigger: ".o_chart_tower tbody tr:first:has(th:contains(3)):contains(301)",
        },
        {
            content: "the legend counts",
            trigger: ".o_chart_legend button:has(.o_chart_color_yellow):contains(5)",
        },
        {
            content: "the legend filters",
            trigger: ".o_chart_legend button:has(.o_chart_color_yellow)",
            run: "click",
        },
        {
            trigger: '.o_chart_dimmed[aria-label^="1-1-101,"]',
        },
        {
            trigger: '.o_chart_cell:not(.o_chart_dimmed)[aria-label^="1-1-102,"]',
        },
        {
            content: "and lets go again",
            trigger: ".o_chart_legend button[aria-pressed=true]",
            run: "click",
        },
        {
            trigger: ".o_chart_body:not(:has(.o_chart_dimmed))",
        },
        {
            content: "another measure, another colour",
            trigger: ".o_chart_measure",
            run: "select gross_area",
        },
        {
            trigger: ".o_chart_legend button:contains(89.5 m²):contains(6)",
        },
        {
            content: "shops are a plain grid",
            trigger: '.o_chart_tabs [role=tab]:contains("Shops")',
            run: "click",
        },
        {
            trigger: ".o_chart_section .o_chart_cell:contains(S01)",
        },
        {
            content: "the caller search leads to another building",
            trigger: ".o_control_panel .o_property_caller input",
            run: "edit zs",
        },
        {
            trigger: ".o_property_caller_menu .o_property_caller_row:contains(1-1-101)",
            run: "click",
        },
        {
            content: "and to the household in it",
            trigger: focused("1-1-101"),
            run: "press ArrowRight",
        },
        {
            trigger: focused("1-1-102"),
            run: "press ArrowUp",
        },
        {
            trigger: focused("1-1-202"),
            run: "press Home",
        },
        {
            trigger: focused("1-1-201"),
            run: "press Enter",
        },
        {
            content: "Enter opens the household",
            trigger: ".o_form_view .o_last_breadcrumb_item:contains(1-1-201)",
        },
        {
            content: "and the way back leads to where one was",
            trigger: ".o_control_panel .o_back_button",
            run: "click",
        },
        {
            trigger: focused("1-1-201"),
        },
    ],
});

registry.category("web_tour.tours").add("property_caller_search", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row",
        },
        {
            content: "the caller search is at hand on every screen",
            trigger: ".o_property_caller_systray button",
            run: "click",
        },
        {
            trigger: ".modal .o_property_caller input",
            run: "edit 1栋102",
        },
        {
            trigger: ".modal .o_property_caller_row:contains(1-1-102)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_last_breadcrumb_item:contains(1-1-102)",
        },
    ],
});
