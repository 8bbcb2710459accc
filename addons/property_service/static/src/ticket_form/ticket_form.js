import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const LISTS = ["one2many", "many2many", "properties"];

/** Sends along what the form showed, so that a colleague's change is not overwritten. */
export class TicketFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        if (!record.resId) {
            return super.onWillSaveRecord(...arguments);
        }
        const shown = {};
        for (const name of Object.keys(changes)) {
            if (!LISTS.includes(record.fields[name]?.type)) {
                shown[name] = record._values[name];
            }
        }
        changes.property_seen = record._getChanges(shown, { withReadonly: true });
        return super.onWillSaveRecord(...arguments);
    }

    async onSaveError() {
        this.isRefused = true;
        return super.onSaveError(...arguments);
    }

    /** After a refusal what comes back is the ticket as it is now, not as it was shown. */
    async discard() {
        await super.discard();
        const { root } = this.model;
        if (this.isRefused && root.resId && !this.env.inDialog) {
            this.isRefused = false;
            await root.load();
        }
    }
}

registry.category("views").add("property_ticket_form", {
    ...formView,
    Controller: TicketFormController,
});
