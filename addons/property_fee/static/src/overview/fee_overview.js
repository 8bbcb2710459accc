import { Overview } from "@property_base/overview/overview";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

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

    getChart(chart) {
        const bar = (label, data, color) => ({ label, data, backgroundColor: color });
        return {
            type: "bar",
            datasets: [
                bar(_t("Paid"), chart.paid, COLOR_PAID),
                bar(_t("Open"), chart.open, COLOR_OPEN),
            ],
            options: { scales: { x: { stacked: true }, y: { stacked: true } } },
            open: ["open_month", chart.months],
        };
    }
}

registry.category("actions").add("property_fee_overview", FeeOverview);
