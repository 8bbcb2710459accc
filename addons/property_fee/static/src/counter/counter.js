import { router } from "@web/core/browser/router";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { roundPrecision } from "@web/core/utils/numbers";
import { uuid } from "@web/core/utils/strings";
import { Layout } from "@web/search/layout";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CallerSearch } from "@property_base/caller_search/caller_search";
import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";

const cents = (value) => roundPrecision(value, 0.01);

/**
 * The counter: find a household, tick what it pays, say how, write the receipt.
 *
 * Everything goes by keyboard; what counts is decided on the server (`property.counter`).
 */
export class Counter extends Component {
    static template = "property_fee.Counter";
    static components = { CallerSearch, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.root = useRef("root");
        const start = {
            ...router.current,
            ...this.props.action.params,
            ...this.props.state,
        };
        this.state = useState({
            methods: [],
            household: null,
            ...this.emptyPayment(),
            done: null,
        });
        // element to move to as soon as it is drawn
        this.goal = null;
        onWillStart(async () => {
            this.state.methods = await this.orm.call(
                "property.counter",
                "load_methods",
                [],
            );
            this.state.methodId = this.state.methods[0]?.id || false;
            if (Number(start.unit_id)) {
                await this.loadHousehold(Number(start.unit_id));
            }
        });
        onMounted(() => this.reachGoal());
        onPatched(() => this.reachGoal());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
    }

    emptyPayment() {
        return {
            // bill id -> amount as typed, for the ticked bills
            ticked: {},
            current: 0,
            open: false,
            amount: "",
            isTyped: false,
            payer: "",
            note: "",
            useCredit: false,
            withLateFee: true,
            prepayItem: false,
            prepayMonths: "12",
            quote: null,
            isBusy: false,
            token: uuid(),
        };
    }

    // ---- loading ----

    async loadHousehold(unitId) {
        const household = await this.keepLast.add(
            this.orm.call("property.counter", "load_household", [unitId]),
        );
        const methodId = this.state.methodId;
        const { methods } = household;
        const isKnown = methods.some((method) => method.id === methodId);
        Object.assign(this.state, this.emptyPayment(), {
            household,
            methods,
            methodId: isKnown ? methodId : methods[0]?.id || false,
        });
        this.state.payer = household.payer;
        this.state.useCredit = household.credit > 0;
        this.state.prepayItem = household.prepay[0]?.item_id || false;
        this.tickAll();
        this.props.updateActionState({ unit_id: unitId });
        this.goal = ".o_counter_amount";
    }

    async onSelect(row) {
        this.state.done = null;
        await this.loadHousehold(row.id);
    }

    clear() {
        const methodId = this.state.methodId;
        Object.assign(this.state, this.emptyPayment(), {
            household: null,
            done: null,
            methodId,
        });
        this.props.updateActionState({ unit_id: false });
        this.goal = ".o_counter .o_property_caller input";
    }

    reachGoal() {
        const target = this.goal && this.root.el?.querySelector(this.goal);
        if (target) {
            this.goal = null;
            target.focus();
            target.select?.();
        }
    }

    // ---- what is shown ----

    money(value) {
        return formatFloat(value || 0, { digits: [16, 2] });
    }

    get bills() {
        return this.state.household?.bills || [];
    }

    get years() {
        return [...new Set(this.bills.map((bill) => bill.period.slice(0, 4)))].sort();
    }

    isTicked(bill) {
        return bill.id in this.state.ticked;
    }

    typed(bill) {
        return this.read(this.state.ticked[bill.id]);
    }

    read(text) {
        try {
            return cents(parseFloat(text || "0"));
        } catch {
            return NaN;
        }
    }

    get tickedBills() {
        return this.bills.filter((bill) => this.isTicked(bill));
    }

    get billsTotal() {
        return cents(
            this.tickedBills.reduce((sum, bill) => sum + (this.typed(bill) || 0), 0),
        );
    }

    get lateFee() {
        return this.state.withLateFee
            ? cents(this.tickedBills.reduce((sum, bill) => sum + bill.late_fee, 0))
            : 0;
    }

    get prepaid() {
        return this.state.quote?.total || 0;
    }

    get total() {
        return cents(this.billsTotal + this.lateFee + this.prepaid);
    }

    get creditUsed() {
        return this.state.useCredit
            ? Math.min(this.state.household.credit, this.total)
            : 0;
    }

    /** What has to be handed over for everything that is ticked. */
    get toPay() {
        return cents(this.total - this.creditUsed);
    }

    get received() {
        return this.state.isTyped ? this.read(this.state.amount) : this.toPay;
    }

    get rest() {
        return cents(this.received - this.toPay);
    }

    get canTake() {
        const { isBusy, household, methodId, useCredit } = this.state;
        const isEnough = this.received > 0 || (useCredit && this.creditUsed > 0);
        return Boolean(household) && !isBusy && Boolean(methodId) && isEnough;
    }

    // ---- ticking ----

    tick(bills) {
        this.state.ticked = Object.fromEntries(
            bills.map((bill) => [
                bill.id,
                this.state.ticked[bill.id] || this.money(bill.residual),
            ]),
        );
    }

    tickAll() {
        this.tick(this.bills);
    }

    tickNone() {
        this.tick([]);
    }

    tickYear(year) {
        this.tick(this.bills.filter((bill) => bill.period.startsWith(year)));
    }

    toggle(bill) {
        if (this.isTicked(bill)) {
            delete this.state.ticked[bill.id];
        } else {
            this.state.ticked[bill.id] = this.money(bill.residual);
        }
    }

    onPartInput(bill, ev) {
        this.state.ticked[bill.id] = ev.target.value;
    }

    onPartChange(bill, ev) {
        const amount = this.read(ev.target.value);
        const isPart = amount > 0 && amount <= bill.residual;
        this.state.ticked[bill.id] = this.money(isPart ? amount : bill.residual);
    }

    onAmountInput(ev) {
        this.state.isTyped = ev.target.value.trim() !== "";
        this.state.amount = ev.target.value;
    }

    // ---- prepaying ----

    async quote() {
        const { household, prepayItem, prepayMonths } = this.state;
        if (!prepayItem) {
            return;
        }
        this.state.quote = await this.keepLast.add(
            this.orm.call("property.counter", "quote_prepay", [
                household.unit.id,
                Number(prepayItem),
                Number(prepayMonths) || 0,
            ]),
        );
        this.goal = ".o_counter_amount";
    }

    dropQuote() {
        this.state.quote = null;
    }

    // ---- taking money ----

    get order() {
        const { state } = this;
        return {
            token: state.token,
            bills: this.tickedBills.map((bill) => ({
                id: bill.id,
                amount: this.typed(bill),
                residual: bill.residual,
            })),
            with_late_fee: state.withLateFee && this.lateFee > 0,
            amount: this.received,
            journal_id: state.methodId,
            payer_name: state.payer,
            use_credit: state.useCredit,
            prepay: state.quote
                ? [
                      {
                          item_id: Number(state.prepayItem),
                          months: Number(state.prepayMonths),
                      },
                  ]
                : [],
            note: state.note,
        };
    }

    async take() {
        if (!this.canTake) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { unit } = this.state.household;
            const answer = await this.orm.call("property.counter", "take_payment", [
                unit.id,
                this.order,
            ]);
            if (answer.is_repeated) {
                this.notification.add(_t("This payment was already taken."), {
                    type: "warning",
                });
            }
            await this.loadHousehold(unit.id);
            this.state.done = { ...answer, code: unit.code };
            this.goal = answer.receipt_id
                ? ".o_counter_print"
                : ".o_counter .o_property_caller input";
        } finally {
            this.state.isBusy = false;
        }
    }

    async print(receiptId) {
        const report = await this.orm.call("property.receipt", "action_print", [
            [receiptId],
        ]);
        await this.action.doAction(report);
    }

    openReceipt(receiptId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.receipt",
            res_id: receiptId,
            views: [[false, "form"]],
        });
    }

    openUnit() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "property.unit",
            res_id: this.state.household.unit.id,
            views: [[false, "form"]],
        });
    }

    // ---- keyboard ----

    /** F2 another household, page keys another method, Ctrl+Enter or Enter in the amount: take. */
    onKeydown(ev) {
        if (document.querySelector(".modal.show, .o_dialog")) {
            return;
        }
        if (ev.key === "F2") {
            ev.preventDefault();
            this.clear();
        } else if (!this.state.household) {
            return;
        } else if (["PageUp", "PageDown"].includes(ev.key)) {
            ev.preventDefault();
            this.stepMethod(ev.key === "PageDown" ? 1 : -1);
        } else if (ev.key === "Enter" && ev.ctrlKey) {
            ev.preventDefault();
            this.take();
        }
    }

    stepMethod(step) {
        const { methods, methodId } = this.state;
        const index = methods.findIndex((method) => method.id === methodId);
        const next = methods[(index + step + methods.length) % methods.length];
        this.state.methodId = next?.id || false;
    }

    onAmountKeydown(ev) {
        if (ev.key === "Enter" && !ev.ctrlKey) {
            ev.preventDefault();
            this.take();
        } else if (ev.key === "ArrowUp" && this.bills.length) {
            ev.preventDefault();
            this.moveTo(this.bills.length - 1);
        }
    }

    moveTo(index) {
        if (index >= this.bills.length) {
            this.root.el.querySelector(".o_counter_amount")?.focus();
            return;
        }
        this.state.current = Math.max(index, 0);
        this.root.el.querySelectorAll(".o_counter_bill")[this.state.current]?.focus();
    }

    onBillKeydown(index, ev) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const bill = this.bills[index];
        const year = bill.period.slice(0, 4);
        const acts = {
            ArrowDown: () => this.moveTo(index + 1),
            ArrowUp: () => this.moveTo(index - 1),
            " ": () => this.toggle(bill),
            a: () => this.tickAll(),
            n: () => this.tickNone(),
            y: () => this.tickYear(year),
            Enter: () => this.moveTo(this.bills.length),
            ArrowRight: () => {
                this.state.open = bill.id;
            },
            ArrowLeft: () => {
                this.state.open = false;
            },
        };
        const act = acts[ev.key];
        if (act && !ev.ctrlKey && !ev.altKey) {
            ev.preventDefault();
            act();
        }
    }
}

registry.category("actions").add("property_fee.counter", Counter);
