import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_bank_choices", {
    steps: () => [
        {
            content: "two households have the payer's name",
            trigger: ".o_data_row .o_bank_choice:contains(1-1-202)",
            run: "click",
        },
        {
            content: "the line is settled and waits no more",
            trigger: ".o_notification:contains(1-1-202)",
        },
        {
            trigger: ".o_view_nocontent",
        },
    ],
});
