import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * The households that a bank line may belong to: a click lets the line pay one of them.
 */
export class BankChoices extends Component {
    static template = "property_fee.BankChoices";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    get choices() {
        return this.props.record.data[this.props.name] || [];
    }

    title(choice) {
        return _t("Settle for %(unit)s (%(score)s points)", {
            unit: choice.code,
            score: choice.score.toFixed(2),
        });
    }

    async assign(choice) {
        const { record } = this.props;
        await this.orm.call("property.bank.line", "action_assign", [
            [record.resId],
            choice.id,
        ]);
        this.notification.add(_t("Settled for %(unit)s.", { unit: choice.code }), {
            type: "success",
        });
        await record.model.load();
    }
}

registry.category("fields").add("property_bank_choices", {
    component: BankChoices,
    supportedTypes: ["json"],
});
