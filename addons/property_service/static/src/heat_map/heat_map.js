import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const MODEL = "property.service.heat.map";

/** Tickets by building and category or week, the more the darker; a cell opens its own. */
export class HeatMap extends Component {
    static template = "property_service.HeatMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        const last = this.props.state || {};
        this.state = useState({
            data: null,
            communityId: last.communityId || false,
            across: last.across || "category",
            days: last.days || 90,
        });
        useSetupAction({
            getLocalState: () => ({
                communityId: this.state.communityId,
                across: this.state.across,
                days: this.state.days,
            }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call(MODEL, "get_heat_map", [
                this.state.communityId,
                this.state.across,
                this.state.days,
            ]),
        );
        this.state.communityId = this.state.data.community_id;
    }

    async choose(changes) {
        Object.assign(this.state, changes);
        await this.load();
    }

    async openCell(row, column) {
        await this.action.doAction(
            await this.orm.call(MODEL, "open_cell", [
                this.state.communityId,
                row,
                column,
                this.state.across,
                this.state.days,
            ]),
        );
    }
}

registry.category("actions").add("property_service_heat_map", HeatMap);
