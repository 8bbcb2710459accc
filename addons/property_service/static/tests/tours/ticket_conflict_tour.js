import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const DESCRIPTION = "[name=description] textarea";

/** A colleague saves the ticket while its form is open here. */
const meanwhile = (vals) =>
    rpc("/web/dataset/call_kw/property.ticket/write", {
        model: "property.ticket",
        method: "write",
        args: [[Number(window.location.pathname.match(/\d+$/)[0])], vals],
        kwargs: {},
    });

registry.category("web_tour.tours").add("property_ticket_conflict", {
    steps: () => [
        {
            content: "another field: both stay",
            trigger: `${DESCRIPTION}:value(Drips)`,
            run: () => meanwhile({ subject: "Tap in the bath" }),
        },
        { trigger: DESCRIPTION, run: "edit Drips fast" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "[name=subject] input:value(Tap in the bath)" },
        {
            content: "the same field: refused, and said who changed what",
            trigger: ".o_form_saved",
            run: () => meanwhile({ description: "Stopped by itself" }),
        },
        { trigger: DESCRIPTION, run: "edit Drips slowly" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".modal:contains(Stopped by itself)" },
        { trigger: ".modal button.btn-primary", run: "click" },
        {
            content: "what was typed is still there",
            trigger: `${DESCRIPTION}:value(Drips slowly)`,
        },
        { trigger: ".o_form_button_cancel", run: "click" },
        { trigger: `${DESCRIPTION}:value(Stopped by itself)` },
    ],
});
