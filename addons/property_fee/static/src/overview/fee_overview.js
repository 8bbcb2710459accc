import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";

const COLOR_PAID = "#3aa675";
const COLOR_OPEN = "#e8a33d";

/**
 * The landing page of the fees: amounts, a chart by month, and what waits for somebody.
 *
 * What is shown comes from the server (`property.fee.overview`), which every part of the
 * suite extends; each tile opens the list of what it counts.
 */
export class FeeOverview extends Component {
    static template = "property_fee.FeeOverview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.canvasRef = useRef("canvas");
        this.chart = null;
        this.state = useState({
            data: null,
            communityId: this.props.state?.communityId || false,
        });
        useSetupAction({
            getLocalState: () => ({ communityId: this.state.communityId }),
        });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        useEffect(
            () => {
                this.drawChart();
                return () => this.chart?.destroy();
            },
            () => [this.state.data],
        );
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("property.fee.overview", "get_overview", [
                this.state.communityId,
            ]),
        );
    }

    async onCommunityChange(ev) {
        this.state.communityId = Number(ev.target.value) || false;
        await this.load();
    }

    async openTile(key) {
        const action = await this.orm.call("property.fee.overview", "open_tile", [
            key,
            this.state.communityId,
        ]);
        if (action) {
            await this.action.doAction(action);
        }
    }

    async openMonth(month) {
        await this.action.doAction(
            await this.orm.call("property.fee.overview", "open_month", [
                month,
                this.state.communityId,
            ]),
        );
    }

    drawChart() {
        const chart = this.state.data?.chart;
        if (!chart || !this.canvasRef.el) {
            return;
        }
        this.chart = new Chart(this.canvasRef.el, {
            type: "bar",
            data: {
                labels: chart.labels,
                datasets: [
                    {
                        label: _t("Paid"),
                        data: chart.paid,
                        backgroundColor: COLOR_PAID,
                    },
                    {
                        label: _t("Open"),
                        data: chart.open,
                        backgroundColor: COLOR_OPEN,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_ev, elements) => {
                    if (elements.length) {
                        this.openMonth(chart.months[elements[0].index]);
                    }
                },
                plugins: { legend: { position: "bottom" } },
                scales: { x: { stacked: true }, y: { stacked: true } },
            },
        });
    }
}

registry.category("actions").add("property_fee_overview", FeeOverview);
