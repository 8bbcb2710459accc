import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart } from "@odoo/owl";

import { CallerSearch } from "./caller_search";

export class CallerSearchDialog extends Component {
    static template = "property_base.CallerSearchDialog";
    static components = { CallerSearch, Dialog };
    static props = { close: Function };

    setup() {
        this.action = useService("action");
        this.title = _t("Find Household");
        this.hint = _t("For example 3-1-502, 139 1234, a name or its initials.");
    }

    async onSelect(row) {
        this.props.close();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.unit",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}

/** Opens the caller search from every screen, for the staff. */
export class CallerSearchSystray extends Component {
    static template = "property_base.CallerSearchSystray";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
        this.title = _t("Find Household");
        onWillStart(async () => {
            this.allowed = await user.hasGroup("property_base.group_property_user");
        });
    }

    open() {
        this.dialog.add(CallerSearchDialog, {});
    }
}

registry
    .category("systray")
    .add("property_base.caller", { Component: CallerSearchSystray }, { sequence: 30 });
