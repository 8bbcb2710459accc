import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const MODEL = "property.work.order";

/**
 * The map of the day: engineers down, hours across, what nobody has yet on top.
 *
 * A visit is dragged to whoever goes and to the hour. By keyboard or finger: choose the visit,
 * then the cell. What the rules of the dispatch say against somebody is asked first.
 */
export class DayMap extends Component {
    static template = "property_service.DayMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        const last = this.props.state || {};
        this.state = useState({
            data: null,
            day: last.day || false,
            communityId: last.communityId || false,
            chosen: false,
            over: "",
        });
        useSetupAction({
            getLocalState: () => ({
                day: this.state.day,
                communityId: this.state.communityId,
            }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call(MODEL, "get_day_map", [
                this.state.day,
                this.state.communityId,
            ]),
        );
        this.state.chosen = false;
        this.state.over = "";
    }

    get columns() {
        return ["any", ...this.state.data.hours];
    }

    label(column) {
        return column === "any" ? _t("Any Time") : `${column}:00`;
    }

    async choose(changes) {
        Object.assign(this.state, changes);
        await this.load();
    }

    async step(days) {
        const day = new Date(`${this.state.data.day}T00:00:00Z`);
        day.setUTCDate(day.getUTCDate() + days);
        await this.choose({ day: day.toISOString().slice(0, 10) });
    }

    openVisit(card) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    canMove(card) {
        return this.state.data.can_plan && card.movable;
    }

    toggle(card) {
        this.state.chosen = this.state.chosen === card.id ? false : card.id;
    }

    onDragStart(ev, card) {
        // Firefox drags nothing without data.
        ev.dataTransfer?.setData("text/plain", String(card.id));
        this.state.chosen = card.id;
    }

    onDragEnd() {
        this.state.chosen = false;
        this.state.over = "";
    }

    onDragOver(ev, key) {
        if (this.state.chosen) {
            ev.preventDefault();
            this.state.over = key;
        }
    }

    async onDrop(ev, engineer, column) {
        ev.preventDefault();
        await this.place(engineer, column);
    }

    async place(engineer, column) {
        const visit = this.state.chosen;
        if (visit) {
            this.state.chosen = false;
            await this.plan(visit, engineer, column, false);
        }
    }

    async plan(visit, engineer, column, force) {
        const hour = column === "any" ? false : column;
        const answer = await this.orm.call(MODEL, "plan_visit", [
            [visit],
            engineer.id,
            this.state.data.day,
            hour,
            force,
        ]);
        if (answer.done) {
            await this.load();
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Send %s all the same?", engineer.name),
            body: _t("%(name)s: %(reasons)s.", {
                name: engineer.name,
                reasons: answer.reasons,
            }),
            confirmLabel: _t("Send"),
            confirm: () => this.plan(visit, engineer, column, true),
            cancel: () => {},
        });
    }
}

registry.category("actions").add("property_service_day_map", DayMap);
