import { Overview } from "@property_base/overview/overview";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const COLOR_REPORTED = "#2f6db3";
const COLOR_FINISHED = "#3aa675";

/**
 * The landing page of the service desk: what waits, how well it is done, and where the
 * tickets come from. Each number opens what it counts.
 */
export class ServiceOverview extends Overview {
    static template = "property_service.ServiceOverview";
    static model = "property.service.overview";

    getChart(chart) {
        const line = (label, data, color) => ({
            label,
            data,
            borderColor: color,
            backgroundColor: color,
        });
        return {
            type: "line",
            datasets: [
                line(_t("Tickets Reported"), chart.reported, COLOR_REPORTED),
                line(_t("Tickets Finished"), chart.finished, COLOR_FINISHED),
            ],
            options: {
                interaction: { mode: "index", intersect: false },
                scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
            },
            open: ["open_day", chart.days],
        };
    }
}

registry.category("actions").add("property_service_overview", ServiceOverview);
