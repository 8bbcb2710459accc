import { registry } from "@web/core/registry";
import { PIXEL } from "./helpers";

const SEARCH = ".o_intake_top .o_property_caller input";
const PROBLEM = ".o_intake_problem input";
const DESCRIPTION = ".o_intake_description";

/** Type into the search box and take the first household. */
const find = (words, code) => [
    { trigger: `${SEARCH}:focus`, run: `edit ${words}` },
    { trigger: `.o_property_caller_menu .o_property_caller_row:contains(${code})` },
    { trigger: SEARCH, run: "press Enter" },
    { trigger: `.o_intake_code:contains(${code})` },
];

/** Type the beginning of a problem and take the first. */
const pick = (words, name) => [
    { trigger: `${PROBLEM}:focus`, run: `edit ${words}` },
    { trigger: `.o_intake_menu .o_intake_option:contains(${name})` },
    { trigger: PROBLEM, run: "press Enter" },
    { trigger: `.o_intake_picked:contains(${name})` },
];

/** A photo that is as large as somebody's phone makes them. */
const photo = (name, megabytes = 0) => {
    const bytes = Uint8Array.from(atob(PIXEL), (sign) => sign.charCodeAt(0));
    const rest = new Uint8Array(megabytes * 1024 * 1024);
    return new File([bytes, rest], name, { type: "image/png" });
};

const carry = (...things) => {
    const data = new DataTransfer();
    for (const thing of things) {
        if (typeof thing === "string") {
            data.setData("text/plain", thing);
        } else {
            data.items.add(thing);
        }
    }
    return data;
};

const paste = (target, thing) => {
    const event = new ClipboardEvent("paste", {
        clipboardData: carry(thing),
        bubbles: true,
        cancelable: true,
    });
    target.dispatchEvent(event);
    return event;
};

registry.category("web_tour.tours").add("property_intake", {
    steps: () => [
        // a call: household by initials, problem in pinyin, an incident runs
        ...find("zjg", "1-1-101"),
        {
            content: "who was found is the caller; his number is masked",
            trigger: ".o_intake_person:contains(张建国):contains(139****5678)",
        },
        { trigger: ".o_intake_fact:contains(有狗)" },
        { trigger: ".o_intake_running:contains(预计 18 点恢复供水)" },
        {
            content: "a sentence finds what is closest",
            trigger: `${PROBLEM}:focus`,
            run: "edit 厨房的龙头一直漏",
        },
        {
            trigger:
                ".o_intake_menu .o-autocomplete--dropdown-item:first-child:contains(水龙头滴水)",
        },
        ...pick("ltds", "水龙头滴水"),
        {
            content: "what to say, and what is promised",
            trigger: ".o_intake_say:contains(预计 18 点恢复供水)",
        },
        { trigger: ".o_intake_promise strong" },
        { trigger: `${DESCRIPTION}:focus`, run: "edit 厨房, 关不紧" },
        {
            content: "a picture is pasted; pasted text stays text",
            trigger: DESCRIPTION,
            run({ anchor }) {
                paste(anchor, photo("pasted.png"));
                if (paste(anchor, "abc").defaultPrevented) {
                    throw new Error("pasted text was swallowed");
                }
            },
        },
        { trigger: ".o_intake_photo:count(1) img[alt='pasted.jpg']" },
        {
            content: "a large photo, a file that is none, and one dropped",
            trigger: ".o_intake_photos",
            async run({ anchor }) {
                const input = anchor.querySelector("input[type=file]");
                const text = new File(["no"], "note.txt", { type: "text/plain" });
                input.files = carry(photo("large.png", 30), text).files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
                const dataTransfer = carry(photo("dropped.png"));
                anchor.dispatchEvent(
                    new DragEvent("drop", { dataTransfer, bubbles: true }),
                );
            },
        },
        { trigger: ".o_notification:contains(note.txt)" },
        { trigger: ".o_intake_photos:has(img[alt='large.jpg'])" },
        { trigger: ".o_intake_photos:has(img[alt='dropped.jpg'])" },
        {
            content: "saving waits for a photo that is still being read",
            trigger: DESCRIPTION,
            run: ({ anchor }) => paste(anchor, photo("late.png", 30)),
        },
        { trigger: DESCRIPTION, run: "press Control+Enter" },
        {
            content: "number and promised time at once",
            trigger: ".o_intake_done .o_intake_number:contains(T)",
        },
        { trigger: ".o_intake_done .o_intake_promised strong:not(:empty)" },
        // another call: found by phone, the same matter runs already
        { trigger: ".o_intake_done", run: "press F2" },
        ...find("9999", "1-1-101"),
        { trigger: ".o_intake_open:contains(水龙头滴水)" },
        ...pick("dianti yixiang", "电梯异响"),
        { trigger: ".o_intake_same:contains(电梯上行有摩擦声)" },
        { trigger: `${DESCRIPTION}:focus`, run: "press PageDown" },
        {
            trigger: ".o_intake_details [data-channel=visit][aria-checked=true]",
        },
        { trigger: ".o_intake_same button", run: "click" },
        { trigger: ".o_intake_done .o_intake_number:contains(T)" },
        // a common area without a home, warned of on saving
        { trigger: ".o_intake_done", run: "press F2" },
        { trigger: ".o_intake_empty" },
        { trigger: `${SEARCH}:focus`, run: "press F3" },
        { trigger: ".o_intake_common button:contains(1 栋)", run: "click" },
        { trigger: ".o_intake_code:contains(1 栋)" },
        ...pick("异响", "电梯异响"),
        { trigger: ".o_intake_same" },
        { trigger: ".o_intake_subject", run: "edit 电梯异响, 夜里更响" },
        { trigger: ".o_intake_subject", run: "press Control+Enter" },
        { trigger: ".o_intake_done .o_intake_number:contains(T)" },
    ],
});
