import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

import { CallerSearch } from "../caller_search/caller_search";
import { nearest } from "./nearest";

/**
 * The building chart: floors by doors of one building, coloured by a measure.
 *
 * The server lays the building out (`property.building.chart_data`); here it is shown,
 * filtered by the legend, walked through with the arrow keys, opened and printed.
 */
export class BuildingChart extends Component {
    static template = "property_base.BuildingChart";
    static components = { CallerSearch, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.gridRef = useRef("grid");
        this.tabsRef = useRef("tabs");
        // from the address, from whoever opened the chart, from coming back to it
        const start = {
            ...router.current,
            ...this.props.action.params,
            ...this.props.state,
        };
        this.state = useState({
            index: { communities: [], measures: [], buildings: [] },
            data: null,
            measure: start.measure || "status",
            filters: [],
            current: Number(start.unit_id) || false,
        });
        useSetupAction({
            getLocalState: () => ({
                building_id: this.state.index.building_id,
                measure: this.state.measure,
                unit_id: this.state.current,
            }),
        });
        onWillStart(async () => {
            await this.loadIndex({ building_id: Number(start.building_id) || false });
        });
        useEffect(
            () => {
                this.tabsRef.el
                    ?.querySelector("[aria-selected=true]")
                    ?.scrollIntoView({ block: "nearest", inline: "nearest" });
            },
            () => [this.state.index.building_id],
        );
        // the unit to go to as soon as it is drawn
        this.goal = Number(start.unit_id) || false;
        onMounted(() => this.reachGoal());
        onPatched(() => this.reachGoal());
    }

    // ---- loading ----

    /**
     * @param {{community_id?: number, building_id?: number}} choice
     */
    async loadIndex(choice) {
        this.state.index = await this.keepLast.add(
            this.orm.call("property.building", "chart_index", [], choice),
        );
        await this.loadBuilding(this.state.index.building_id);
    }

    async loadBuilding(buildingId) {
        this.state.filters = [];
        this.state.index.building_id = buildingId;
        this.state.data = buildingId
            ? await this.keepLast.add(
                  this.orm.call("property.building", "chart_data", [
                      buildingId,
                      this.state.measure,
                  ]),
              )
            : null;
        this.state.measure = this.state.data?.measure || this.state.measure;
        if (!this.cells.some((cell) => cell.id === this.state.current)) {
            this.state.current = this.cells[0]?.id || false;
        }
        this.props.updateActionState({
            building_id: buildingId || false,
            measure: this.state.measure,
        });
    }

    // ---- what is shown ----

    get cells() {
        const { blocks = [], sections = [] } = this.state.data || {};
        return [
            ...blocks.flatMap((block) => block.rows.flat()),
            ...sections.flatMap((section) => section.cells),
        ].filter(Boolean);
    }

    get community() {
        const { communities, community_id } = this.state.index;
        return communities.find((community) => community.id === community_id);
    }

    get measureLabel() {
        const { measures } = this.state.index;
        return measures.find((measure) => measure.id === this.state.measure)?.label;
    }

    get printedOn() {
        return formatDate(luxon.DateTime.now());
    }

    entry(cell) {
        return this.state.data.legend.find((entry) => entry.id === cell.category);
    }

    cellClass(cell) {
        const dimmed =
            this.state.filters.length && !this.state.filters.includes(cell.category);
        return `o_chart_color_${this.entry(cell).color}${dimmed ? " o_chart_dimmed" : ""}`;
    }

    cellLabel(cell) {
        return [cell.code, this.entry(cell).label, cell.text, cell.people]
            .filter(Boolean)
            .join(", ");
    }

    // ---- choosing ----

    onCommunityChange(ev) {
        return this.loadIndex({ community_id: Number(ev.target.value) });
    }

    onMeasureChange(ev) {
        this.state.measure = ev.target.value;
        return this.loadBuilding(this.state.index.building_id);
    }

    onTabKeydown(ev) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const tabs = [...this.tabsRef.el.querySelectorAll("[role=tab]")];
            tabs[(tabs.indexOf(ev.target) + step + tabs.length) % tabs.length].focus();
        }
    }

    toggleFilter(entryId) {
        const { filters } = this.state;
        this.state.filters = filters.includes(entryId)
            ? filters.filter((id) => id !== entryId)
            : [...filters, entryId];
    }

    /** Go to the unit that the caller search has found, in whatever building it is. */
    async onCallerSelect(row) {
        if (!row.building_id) {
            return this.openUnit(row.id);
        }
        if (row.building_id !== this.state.index.building_id) {
            await this.loadIndex({ building_id: row.building_id });
        }
        this.state.current = row.id;
        this.goal = row.id;
        this.render();
    }

    // ---- walking and opening ----

    unitElement(unitId) {
        return this.gridRef.el?.querySelector(`[data-unit-id="${unitId}"]`);
    }

    focusUnit(unitId) {
        const element = this.unitElement(unitId);
        element?.scrollIntoView({ block: "nearest", inline: "nearest" });
        element?.focus();
    }

    reachGoal() {
        if (this.goal && this.unitElement(this.goal)) {
            this.focusUnit(this.goal);
            this.goal = false;
        }
    }

    onGridFocus(ev) {
        const unitId = Number(ev.target.dataset.unitId);
        if (unitId) {
            this.state.current = unitId;
        }
    }

    onGridKeydown(ev) {
        const element = ev.target.closest("[data-unit-id]");
        if (!element || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.openUnit(Number(element.dataset.unitId));
            return;
        }
        const all = [...this.gridRef.el.querySelectorAll("[data-unit-id]")];
        const target = nearest(element, all, ev.key);
        if (target) {
            ev.preventDefault();
            this.focusUnit(Number(target.dataset.unitId));
        }
    }

    onGridClick(ev) {
        const element = ev.target.closest("[data-unit-id]");
        if (element) {
            this.openUnit(Number(element.dataset.unitId));
        }
    }

    openUnit(unitId) {
        this.state.current = unitId;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Household"),
            res_model: "property.unit",
            res_id: unitId,
            views: [[false, "form"]],
        });
    }

    print() {
        browser.print();
    }
}

registry.category("actions").add("property_building_chart", BuildingChart);
