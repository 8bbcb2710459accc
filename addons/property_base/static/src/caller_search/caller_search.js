import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";

/**
 * One box that finds households from what a caller says: house number, part of a phone
 * number, name, pinyin or initials, plate.
 */
export class CallerSearch extends Component {
    static template = "property_base.CallerSearch";
    static components = { AutoComplete };
    static props = {
        /** called with the row of `caller_search` that was chosen */
        onSelect: Function,
        autofocus: { type: Boolean, optional: true },
        dropdown: { type: Boolean, optional: true },
        id: { type: String, optional: true },
    };
    static defaultProps = { autofocus: false, dropdown: true, id: "property_caller" };

    setup() {
        this.orm = useService("orm");
        this.placeholder = _t("House number, name, phone or plate");
    }

    get sources() {
        return [
            {
                placeholder: _t("Searching..."),
                optionSlot: "option",
                options: (query) => this.search(query),
            },
        ];
    }

    async search(query) {
        if (!query) {
            return [];
        }
        const rows = await this.orm.silent.call("property.unit", "caller_search", [
            query,
        ]);
        if (!rows.length) {
            return [{ label: _t("Nobody and nothing found"), data: { empty: true } }];
        }
        return rows.map((row) => ({
            label: row.code,
            data: { row, people: this.people(row) },
            onSelect: () => this.props.onSelect(row),
        }));
    }

    /** Who was found, else the owners. */
    people(row) {
        return row.person ? [row.person] : row.owners;
    }
}
