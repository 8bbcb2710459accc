import { router } from "@web/core/browser/router";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { uuid } from "@web/core/utils/strings";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CallerSearch } from "@property_base/caller_search/caller_search";
import { IntakePhotos } from "./photos";
import { ProblemSearch } from "./problem_search";
import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";

const { DateTime } = luxon;
const SEARCH = ".o_intake .o_property_caller input";
const PROBLEM = ".o_intake_problem input";

/**
 * Take a call: find the household, see what is known, pick the problem, save.
 *
 * Three requests in all: the household that was meant, what is known of it, the call.
 */
export class Intake extends Component {
    static template = "property_service.Intake";
    static components = { CallerSearch, IntakePhotos, Layout, ProblemSearch };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.root = useRef("root");
        this.lists = {};
        const kept = this.props.state?.draft;
        this.state = useState({
            place: null,
            done: null,
            commonOpen: false,
            channel: "phone",
            ...this.emptyCall(),
            ...kept,
        });
        // element to move to as soon as it is drawn
        this.goal = null;
        useSetupAction({
            getLocalState: () => ({ draft: { ...this.state, isBusy: false } }),
            beforeUnload: (ev) => this.beforeUnload(ev),
        });
        onWillStart(async () => {
            this.lists = await this.orm.call("property.intake", "load", []);
            this.problems = new Map(this.lists.problems.map((row) => [row.id, row]));
            const start = { ...router.current, ...this.props.action.params };
            if (!kept && Number(start.unit_id)) {
                await this.loadPlace({ unit_id: Number(start.unit_id) });
            }
        });
        onMounted(() => this.reachGoal());
        onPatched(() => this.reachGoal());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
    }

    emptyCall() {
        return {
            partnerId: false,
            callerName: "",
            phone: "",
            problemId: false,
            treePlace: false,
            treeCategory: false,
            kind: "repair",
            urgency: "general",
            subject: "",
            description: "",
            appointment: "",
            incidentId: false,
            photos: [],
            found: [],
            isBusy: false,
            token: uuid(),
        };
    }

    beforeUnload(ev) {
        if (this.state.place && (this.state.description || this.state.photos.length)) {
            ev.preventDefault();
            ev.returnValue = true;
        }
    }

    // ---- where ----

    async loadPlace(where, person = false) {
        const place = await this.keepLast.add(
            this.orm.call("property.intake", "load_context", [], where),
        );
        const kept = this.state.place ? {} : this.emptyCall();
        Object.assign(this.state, kept, {
            place,
            done: null,
            commonOpen: false,
            found: [],
            incidentId: false,
        });
        const known = place.people.find((one) => one.id === person?.id);
        this.pickCaller(known || place.people[0] || person || false);
        this.goal = PROBLEM;
    }

    /** A caller search found a unit, and perhaps who called. */
    async onSelect(row) {
        await this.loadPlace({ unit_id: row.id }, row.person);
    }

    openCommon() {
        this.state.commonOpen = !this.state.commonOpen;
        this.goal = ".o_intake_common button";
    }

    nextCall() {
        Object.assign(this.state, this.emptyCall(), {
            place: null,
            done: null,
            commonOpen: false,
        });
        this.goal = SEARCH;
    }

    reachGoal() {
        const target = this.goal && this.root.el?.querySelector(this.goal);
        if (target) {
            this.goal = null;
            target.focus();
            target.select?.();
        }
    }

    get placeName() {
        const { unit, building, community } = this.state.place;
        return unit?.code || [community.name, building?.name].filter(Boolean).join(" ");
    }

    // ---- who ----

    pickCaller(person) {
        this.state.partnerId = person ? person.id : false;
        this.state.phone = person ? person.phone || "" : "";
        this.state.callerName = "";
    }

    onCallerName(ev) {
        this.state.callerName = ev.target.value;
        if (this.state.partnerId) {
            this.state.partnerId = false;
            this.state.phone = "";
        }
    }

    // ---- what ----

    get problem() {
        return this.problems.get(this.state.problemId);
    }

    pickProblem(problem) {
        const wasProposed =
            !this.state.subject || this.state.subject === this.problem?.name;
        Object.assign(this.state, {
            problemId: problem.id,
            kind: problem.kind,
            urgency: problem.urgency,
            subject: wasProposed ? problem.name : this.state.subject,
            found: [],
        });
        this.state.incidentId = this.incidents[0]?.id || false;
        this.goal = ".o_intake_description";
    }

    dropProblem() {
        Object.assign(this.state, { problemId: false, incidentId: false, found: [] });
        this.goal = PROBLEM;
    }

    get places() {
        const places = new Map(
            this.lists.problems.map((row) => [row.place, row.place_name]),
        );
        const common = this.state.place && !this.state.place.unit;
        return [...places]
            .map(([id, name]) => ({ id, name }))
            .filter((row) => !common || row.id !== "home");
    }

    pickPlace(id) {
        Object.assign(this.state, { treePlace: id, treeCategory: false });
    }

    get categories() {
        const rows = this.lists.problems.filter(
            (row) => row.place === this.state.treePlace,
        );
        const found = new Map(rows.map((row) => [row.category_id, row.category]));
        return [...found].map(([id, name]) => ({ id, name }));
    }

    get problemsOfCategory() {
        return this.lists.problems.filter(
            (row) => row.category_id === this.state.treeCategory,
        );
    }

    get allowedProblems() {
        const common = this.state.place && !this.state.place.unit;
        return common
            ? this.lists.problems.filter((row) => row.place !== "home")
            : this.lists.problems;
    }

    /** What is promised: as property.sla.policy._fits on the server. */
    get policy() {
        const { kind, urgency, place } = this.state;
        const own = this.problem ? [this.problem.id, this.problem.category_id] : [];
        return place.policies.find(
            (row) =>
                (!row.kind || row.kind === kind) &&
                (!row.urgency || row.urgency === urgency) &&
                (!row.category_id || own.includes(row.category_id)),
        );
    }

    /** Incidents that run now and are about the problem. */
    get incidents() {
        const { place, problemId } = this.state;
        return place.incidents.filter(
            (row) => row.state === "running" && row.problems.includes(problemId),
        );
    }

    /** Open tickets that may be the same matter: known before, or told on saving. */
    get same() {
        const { place, problemId, found } = this.state;
        const known = place.same.filter((row) => row.category_id === problemId);
        const ids = known.map((row) => row.id);
        return [...known, ...found.filter((row) => !ids.includes(row.id))];
    }

    get shownTickets() {
        const { open, recent } = this.state.place;
        return [...open, ...recent.slice(0, 5)];
    }

    /** Photos are read in the background; saving waits for them. */
    onReading(reading) {
        this.reading = Promise.all([this.reading, reading]);
    }

    // ---- saving ----

    get order() {
        const { state } = this;
        const { place } = state;
        return {
            token: state.token,
            unit_id: place.unit?.id || false,
            community_id: place.community.id,
            building_id: place.building?.id || false,
            partner_id: state.partnerId,
            caller_name: state.callerName,
            phone: state.phone,
            category_id: state.problemId,
            kind: state.kind,
            urgency: state.urgency,
            subject: state.subject,
            description: state.description,
            channel: state.channel,
            incident_id: state.incidentId,
            appointment_at: state.appointment
                ? serializeDateTime(DateTime.fromISO(state.appointment))
                : false,
            photos: state.photos.map(({ name, data }) => ({ name, data })),
            seen: this.same.map((row) => row.id),
        };
    }

    get canSave() {
        const { place, subject, isBusy } = this.state;
        return Boolean(place) && !isBusy && Boolean(subject.trim());
    }

    async save(sameAs = false) {
        if (!this.canSave) {
            this.goal = PROBLEM;
            this.reachGoal();
            return;
        }
        this.state.isBusy = true;
        try {
            await this.reading;
            const answer = await this.orm.call("property.intake", "save", [
                { ...this.order, same_as: sameAs },
            ]);
            if (answer.duplicates) {
                this.state.found = answer.duplicates;
                this.goal = ".o_intake_same button";
                return;
            }
            const done = { ...answer, place: this.placeName };
            this.nextCall();
            this.state.done = done;
        } finally {
            this.state.isBusy = false;
        }
    }

    // ---- showing ----

    time(text) {
        if (!text) {
            return "";
        }
        const moment = deserializeDateTime(text);
        const days = moment
            .startOf("day")
            .diff(DateTime.local().startOf("day"), "days");
        const names = { 0: _t("today"), 1: _t("tomorrow"), [-1]: _t("yesterday") };
        const day = names[Math.round(days.days)] || moment.toFormat("MM-dd");
        return `${day} ${moment.toFormat("HH:mm")}`;
    }

    until(incident) {
        const from = this.time(incident.from);
        const end = this.time(incident.expected);
        return end ? `${from} – ${end}` : from;
    }

    label(list, id) {
        return this.lists[list].find((row) => row.id === id)?.name || "";
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    // ---- keyboard ----

    /** F2 next call, F3 common area, page keys another channel, Ctrl+Enter save. */
    onKeydown(ev) {
        if (document.querySelector(".modal.show, .o_dialog")) {
            return;
        }
        if (ev.key === "F2") {
            ev.preventDefault();
            this.nextCall();
        } else if (ev.key === "F3") {
            ev.preventDefault();
            this.openCommon();
        } else if (!this.state.place) {
            return;
        } else if (["PageUp", "PageDown"].includes(ev.key)) {
            ev.preventDefault();
            this.stepChannel(ev.key === "PageDown" ? 1 : -1);
        } else if (ev.key === "Enter" && ev.ctrlKey) {
            ev.preventDefault();
            this.save();
        }
    }

    stepChannel(step) {
        const { channels } = this.lists;
        const index = channels.findIndex((row) => row.id === this.state.channel);
        this.state.channel =
            channels[(index + step + channels.length) % channels.length].id;
    }
}

registry.category("actions").add("property_service.intake", Intake);
