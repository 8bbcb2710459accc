import { registry } from "@web/core/registry";
import { choosePhoto } from "./helpers";

registry.category("web_tour.tours").add("property_portal_request", {
    steps: () => [
        {
            trigger: "a[href='/my/tickets/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "what it is about",
            trigger: "select[name=kind]",
            run: "select repair",
        },
        {
            trigger: "input[name=subject]",
            run: "edit Kitchen tap drips",
        },
        {
            trigger: "textarea[name=description]",
            run: "edit Since yesterday evening",
        },
        {
            trigger: "input[name=photos]",
            run() {
                choosePhoto(this.anchor, "tap.png");
            },
        },
        {
            trigger: ".o_property_new_ticket button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the request is there with its photo",
            trigger: ".o_property_ticket:contains(Kitchen tap drips)",
        },
        {
            trigger: ".o_property_moment[data-kind=reported]",
        },
        {
            trigger: "#photos img[alt='tap.png']",
        },
        {
            content: "another photo later",
            trigger: ".o_property_add_photos input[name=photos]",
            run() {
                choosePhoto(this.anchor, "floor.png");
            },
        },
        {
            trigger: ".o_property_add_photos button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#photos img[alt='floor.png']",
        },
    ],
});

registry.category("web_tour.tours").add("property_portal_rating", {
    steps: () => [
        {
            content: "the history says who came",
            trigger: ".o_property_moment[data-kind=arrived]",
        },
        {
            trigger: ".o_property_moment[data-kind=visited]:contains(Valve replaced)",
        },
        {
            content: "it is not solved",
            trigger: "#answer details summary",
            run: "click",
        },
        {
            trigger: ".o_property_refuse textarea",
            run: "edit It still drips",
        },
        {
            trigger: ".o_property_refuse button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_moment[data-kind=reopened]",
        },
    ],
});

registry.category("web_tour.tours").add("property_portal_confirm", {
    steps: () => [
        {
            content: "now it is solved: four stars",
            trigger: ".o_property_confirm label[for=rate_4]",
            run: "click",
        },
        {
            trigger: ".o_property_confirm textarea",
            run: "edit Friendly and quick",
        },
        {
            trigger: ".o_property_confirm button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_property_rated:contains(Friendly and quick)",
        },
        {
            trigger: ".o_property_rated:has(.fa-star:eq(3)):has(.fa-star-o)",
        },
        {
            trigger: ".o_property_moment[data-kind=confirmed]",
        },
    ],
});
