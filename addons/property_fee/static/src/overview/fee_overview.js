import { Overview } from "@property_base/overview/overview";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { onWillStart, useEffect, useRef } from "@odoo/owl";

const COLOR_PAID = "#3aa675";
const COLOR_OPEN = "#e8a33d";

/**
 * The landing page of the fees: amounts, a chart by month, and what waits for somebody.
 *
 * What is shown comes from the server (`property.fee.overview`), which every part of the
 * suite extends; each tile opens the list of what it counts.
 */
export class FeeOverview extends Overview {
    static template = "property_fee.FeeOverview";
    static model = "property.fee.overview";

    setup() {
        super.setup();
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.drawChart();
                return () => this.chart?.destroy();
            },
            () => [this.state.data],
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
                        this.open("open_month", chart.months[elements[0].index]);
                    }
                },
                plugins: { legend: { position: "bottom" } },
                scales: { x: { stacked: true }, y: { stacked: true } },
            },
        });
    }
}

registry.category("actions").add("property_fee_overview", FeeOverview);
