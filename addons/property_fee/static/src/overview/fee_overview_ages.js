import { FeeOverview } from "@property_fee/overview/fee_overview";
import { patch } from "@web/core/utils/patch";

/** The age of arrears on the landing page: each bar opens what is open of its age. */
patch(FeeOverview.prototype, {
    async openAge(bucket) {
        await this.open("open_age", bucket);
    },
});
