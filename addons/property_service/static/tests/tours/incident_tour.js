import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("property_incident", {
    steps: () => [
        {
            content: "the card says what to say",
            trigger: ".o_kanban_record:contains(1 栋停水):contains(预计 18 点恢复供水)",
            run: "click",
        },
        {
            content: "a ticket is about it and not linked yet",
            trigger: "button[name=action_link_tickets]",
            run: "click",
        },
        {
            trigger: "button[name=action_view_tickets]:contains(1 / 1)",
        },
        {
            trigger: "button[name=action_end]",
            run: "click",
        },
        {
            content: "its end finishes the ticket",
            trigger: ".modal [name=work_done] textarea",
            run: "edit 总管接头已更换",
        },
        {
            trigger: ".modal [name=ticket_ids] .o_data_row:contains(水龙头滴水)",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "button[name=action_view_tickets]:contains(0 / 1)",
        },
    ],
});
