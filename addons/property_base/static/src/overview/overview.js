import { loadBundle } from "@web/core/assets";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";

/**
 * A landing page: tiles that count, for one community or all; each opens what it counts.
 * A template with a canvas `canvas` has a chart, drawn as `getChart` says.
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
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => Promise.all([this.load(), loadBundle("web.chartjs_lib")]));
        useEffect(
            () => {
                this.drawChart();
                return () => this.chart?.destroy();
            },
            () => [this.state.data],
        );
    }

    /**
     * Return what the chart shows.
     *
     * @param {Object} chart as the server answers it, with `labels`
     * @returns {Object} `type` and `datasets` of Chart.js, `options` besides those that all
     *     charts have, and `open`: the method that
     *     opens a column and what it is given for each
     */
    getChart() {
        throw new Error("an overview with a canvas says what its chart shows");
    }

    drawChart() {
        const data = this.state.data?.chart;
        if (!data || !this.canvasRef.el) {
            return;
        }
        const { type, datasets, options, open } = this.getChart(data);
        const [method, values] = open;
        this.chart = new Chart(this.canvasRef.el, {
            type,
            data: { labels: data.labels, datasets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_ev, elements) => {
                    if (elements.length) {
                        this.open(method, values[elements[0].index]);
                    }
                },
                plugins: { legend: { position: "bottom" } },
                ...options,
            },
        });
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
