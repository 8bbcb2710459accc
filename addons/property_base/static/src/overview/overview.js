import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

/**
 * A landing page: tiles that count, for one community or all; each opens what it counts.
 *
 * What is shown comes from the server (a model with `property.overview.mixin`, named by
 * `model`), which every part of the suite may extend.
 */
export class Overview extends Component {
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static model = null;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            data: null,
            communityId: this.props.state?.communityId || false,
        });
        useSetupAction({
            getLocalState: () => ({ communityId: this.state.communityId }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call(this.constructor.model, "get_overview", [
                this.state.communityId,
            ]),
        );
    }

    async onCommunityChange(ev) {
        this.state.communityId = Number(ev.target.value) || false;
        await this.load();
    }

    /** Open what a method of the model answers for some arguments and the community. */
    async open(method, ...args) {
        const action = await this.orm.call(this.constructor.model, method, [
            ...args,
            this.state.communityId,
        ]);
        if (action) {
            await this.action.doAction(action);
        }
    }

    async openTile(key) {
        await this.open("open_tile", key);
    }
}
