import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_service_overview", {
    steps: () => [
        {
            content: "the rates are shown",
            trigger: ".o_service_rates tr[data-code=completion]",
        },
        {
            content: "the chart is drawn",
            trigger: ".o_property_overview_chart canvas",
        },
        {
            content: "choose the community",
            trigger:
                ".o_property_service_overview_action select:has(option:contains(Lake Garden))",
            run: "selectByLabel Lake Garden",
        },
        {
            content: "open what was reported today",
            trigger: ".o_property_tile[data-key=today] .fs-3:contains(2)",
            run: "click",
        },
        {
            content: "the tickets are listed",
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap drips)",
        },
        {
            content: "go back",
            trigger: ".o_back_button a, .o_back_button",
            run: "click",
        },
        {
            content: "open a channel",
            trigger: ".o_service_bar[data-value=phone]",
            run: "click",
        },
        {
            content: "its tickets are listed",
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap drips)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_heat_map", {
    steps: () => [
        {
            content: "the building is dark",
            trigger: ".o_heat_table tr:contains(Tower) .o_heat_5 .o_heat_cell",
        },
        {
            content: "by week",
            trigger: ".o_property_heat_map_action select[aria-label=Across]",
            run: "select week",
        },
        {
            content: "thirteen weeks and their total",
            trigger: ".o_heat_table thead:has(th:nth-child(15))",
        },
        {
            content: "open the tickets of the building",
            trigger: ".o_heat_table tr:contains(Tower) .o_heat_total button",
            run: "click",
        },
        {
            content: "the tickets are listed",
            trigger: ".o_list_view .o_data_row:contains(Kitchen tap drips)",
        },
    ],
});

registry.category("web_tour.tours").add("property_service_day_map", {
    steps: () => [
        {
            content: "choose the visit that nobody has",
            trigger: ".o_day_waiting .o_day_card:contains(Lamp is dark) .fa-arrows",
            run: "click",
        },
        {
            content: "click where it goes",
            trigger: ".o_day_table tr:contains(svc_engineer) td[data-hour='14']",
            run: "click",
        },
        {
            content: "he lacks the trade: send him all the same",
            trigger: ".modal:contains(lacks the trade) .btn-primary",
            run: "click",
        },
        {
            content: "it is his, at two o'clock",
            trigger:
                ".o_day_table tr:contains(svc_engineer) td[data-hour='14'] .o_day_card:contains(Lamp is dark)",
        },
        {
            content: "drag it to four o'clock",
            trigger:
                ".o_day_table tr:contains(svc_engineer) td[data-hour='14'] .o_day_card",
            run: "drag_and_drop .o_day_table tr:contains(svc_engineer) td[data-hour='16']",
        },
        {
            content: "it has moved",
            trigger:
                ".o_day_table tr:contains(svc_engineer) td[data-hour='16'] .o_day_card:contains(Lamp is dark)",
        },
    ],
});
