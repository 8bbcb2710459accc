import { registry } from "@web/core/registry";
import { choosePhoto, drawOn } from "./helpers";

const post = (trigger) => ({ trigger, run: "click", expectUnloadPage: true });
const photo = (moment, name) => [
    {
        trigger: `form:has(input[name=moment][value=${moment}]) input[name=photos]`,
        run() {
            choosePhoto(this.anchor, name);
        },
    },
    post(`form:has(input[name=moment][value=${moment}]) button[type=submit]`),
    { trigger: `img[alt='${name}']` },
];

registry.category("web_tour.tours").add("property_work_order", {
    steps: () => [
        {
            content: "the page fits the phone",
            trigger: ".o_property_work_card:contains(Kitchen tap drips)",
            run() {
                const page = document.documentElement;
                if (page.scrollWidth > page.clientWidth) {
                    throw new Error(`The page is ${page.scrollWidth} px wide.`);
                }
            },
        },
        post(".o_property_work_card:contains(Kitchen tap drips)"),
        post("button[name=step_accept]"),
        post("button[name=step_arrive]"),
        ...photo("before", "before.png"),
        {
            content: "a tap by the price list",
            trigger: "select[name=price_id]",
            run: "selectByIndex 1",
        },
        {
            trigger: "input[name=quantity]",
            run: "edit 2",
        },
        post("form:has(select[name=price_id]) button[type=submit]"),
        { trigger: "table:contains(71.00)" },
        ...photo("after", "after.png"),
        {
            content: "the household signs with a finger",
            trigger: "canvas.o_web_sign_signature",
            run() {
                drawOn(this.anchor);
            },
        },
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "img[alt=Signature]" },
        {
            trigger: "textarea[name=result]",
            run: "edit Tap replaced, tested",
        },
        {
            content: "still nothing is wider than the phone",
            trigger: "button[name=step_done]",
            run() {
                const page = document.documentElement;
                if (page.scrollWidth > page.clientWidth) {
                    throw new Error(`The page is ${page.scrollWidth} px wide.`);
                }
            },
        },
        post("button[name=step_done]"),
        { trigger: ".alert-success:contains(Tap replaced, tested)" },
    ],
});
