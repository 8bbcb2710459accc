import { Overview } from "@property_base/overview/overview";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { onWillStart, useEffect, useRef } from "@odoo/owl";

const COLOR_REPORTED = "#2f6db3";
const COLOR_FINISHED = "#3aa675";

/**
 * The landing page of the service desk: what waits, how well it is done, and where the
 * tickets come from. Each number opens what it counts.
 */
export class ServiceOverview extends Overview {
    static template = "property_service.ServiceOverview";
    static model = "property.service.overview";

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
        const line = (label, data, color) => ({
            label,
            data,
            borderColor: color,
            backgroundColor: color,
        });
        this.chart = new Chart(this.canvasRef.el, {
            type: "line",
            data: {
                labels: chart.labels,
                datasets: [
                    line(_t("Tickets Reported"), chart.reported, COLOR_REPORTED),
                    line(_t("Tickets Finished"), chart.finished, COLOR_FINISHED),
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (_ev, elements) => {
                    if (elements.length) {
                        this.open("open_day", chart.days[elements[0].index]);
                    }
                },
                plugins: { legend: { position: "bottom" } },
                scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
            },
        });
    }
}

registry.category("actions").add("property_service_overview", ServiceOverview);
