from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .property_fee_plan import KINDS_MEASURED

PREPARE_SIZE = 1000


class PropertyFeeRun(models.Model):
    """The rows of a run: one per household, made set by set and not one by one."""

    _inherit = "property.fee.run"

    def _domain_assignments(self):
        """Return the domain of the assignments in the scope of the run."""
        self.ensure_one()
        domain = self.env["property.fee.assignment"]._domain_due(self.period) & Domain(
            "community_id", "in", self.community_ids.ids
        )
        domain &= Domain("unit_id.active", "=", True) & Domain(
            "item_id.active", "=", True
        )
        if self.building_ids:
            domain &= Domain("unit_id.building_id", "in", self.building_ids.ids)
        if self.item_ids:
            domain &= Domain("item_id", "in", self.item_ids.ids)
        return domain

    def _domain_pending(self):
        """Return the domain of the checked charges that the run puts on bills."""
        self.ensure_one()
        domain = Domain(
            [
                ("state", "=", "checked"),
                ("move_id", "=", False),
                ("assignment_id", "=", False),
                ("company_id", "=", self.company_id.id),
                ("period", "<=", self.period),
                ("community_id", "in", self.community_ids.ids),
            ]
        )
        if self.building_ids:
            domain &= Domain("unit_id.building_id", "in", self.building_ids.ids)
        if self.item_ids:
            domain &= Domain("item_id", "in", self.item_ids.ids)
        return domain

    def _prepare_rows(self):
        """Make the rows that are missing: one for each household in the scope.

        Households of which everything due has been billed, and nothing has changed since,
        are told apart by the database alone. The others are still to do.
        """
        self.ensure_one()
        # Rows are written by the system alone; what failed in a preview may be mended.
        self.sudo().line_ids.filtered(lambda line: line.status == "failed").write(
            {"status": "todo", "reason": False}
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO property_fee_run_line
                       (run_id, unit_id, company_id, community_id, status, reason,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(run)s, unit.id, %(company)s, unit.community_id,
                       CASE WHEN found.settled THEN 'skipped' ELSE 'todo' END,
                       CASE WHEN found.settled THEN %(reason)s END,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(found)s) found
                  JOIN property_unit unit ON unit.id = found.unit_id
                 ORDER BY unit.id
                    ON CONFLICT (run_id, unit_id) DO NOTHING
                """,
                run=self.id,
                company=self.company_id.id,
                reason=self.env._("Already billed."),
                uid=self.env.uid,
                now=self.env.cr.now(),
                found=self._query_households(),
            )
        )
        self.invalidate_recordset()
        self.env["property.fee.run.line"].invalidate_model(flush=False)

    def _query_households(self):
        """Return the query of the households in the scope, settled or not.

        An assignment is settled when the charges of the month exist, none of them was
        taken back, and neither it nor its unit nor a rate of its item changed since. What
        is measured has to be looked at every time.

        :rtype: SQL
        """
        assignments = self.env["property.fee.assignment"]._search(
            self._domain_assignments()
        )
        pending = self.env["property.charge"]._search(self._domain_pending())
        return SQL(
            """
            WITH changed AS (
                SELECT item_id, max(write_date) AS date
                  FROM property_fee_rate GROUP BY item_id
            ), settled AS (
                SELECT charge.assignment_id, min(charge.create_date) AS date
                  FROM property_charge charge
                  JOIN property_fee_item item ON item.id = charge.item_id
                  JOIN changed ON changed.item_id = charge.item_id
                 WHERE charge.period = %(period)s
                   AND charge.company_id = %(company)s
                   AND charge.assignment_id IS NOT NULL
                   AND item.kind NOT IN %(measured)s
                 GROUP BY charge.assignment_id
                HAVING bool_and(charge.state != 'cancelled')
                   AND min(charge.create_date) >= max(changed.date)
            )
            SELECT scope.unit_id, bool_and(scope.settled) AS settled
              FROM (
                    SELECT assignment.unit_id,
                           settled.date IS NOT NULL
                           AND settled.date >= assignment.write_date
                           AND settled.date >= unit.write_date AS settled
                      FROM property_fee_assignment assignment
                      JOIN property_unit unit ON unit.id = assignment.unit_id
                      LEFT JOIN settled ON settled.assignment_id = assignment.id
                     WHERE assignment.id IN %(assignments)s
                     UNION ALL
                    SELECT charge.unit_id, FALSE
                      FROM property_charge charge
                     WHERE charge.id IN %(pending)s
                   ) scope
             GROUP BY scope.unit_id
            """,
            period=self.period,
            company=self.company_id.id,
            measured=KINDS_MEASURED,
            assignments=assignments.subselect(),
            pending=pending.subselect(),
        )

    # === PREVIEW === #

    def _prepare_preview(self):
        """Make the rows anew, with what each household would be billed."""
        # Rows are written by the system alone; users read them.
        Line = self.env["property.fee.run.line"].sudo()
        for run in self:
            Line.search([("run_id", "=", run.id)]).unlink()
            run._prepare_rows()
            comparison = run._start_comparison()
            ids = Line.search([("run_id", "=", run.id), ("status", "=", "todo")]).ids
            for start in range(0, len(ids), PREPARE_SIZE):
                lines = Line.browse(ids[start : start + PREPARE_SIZE])
                plans = run._plan_units(lines.unit_id)
                lines._note_plans(plans)
                run._compare(comparison, plans)
                # Ten thousands of households need not be remembered.
                self.env.invalidate_all()
            run._finish_comparison(comparison)

    def _plan_units(self, units):
        """Work out what the run owes to some units, without writing anything.

        :return: dict unit -> `UnitPlan`
        """
        self.ensure_one()
        assignments = self.env["property.fee.assignment"].search(
            self._domain_assignments() & Domain("unit_id", "in", units.ids)
        )
        plan = assignments._plan_charges(self.period)
        plans = {unit: UnitPlan(self.env) for unit in units}
        for vals in plan.vals_list:
            plans[units.browse(vals["unit_id"])].vals_list.append(vals)
        for assignment, reason in plan.problems.items():
            plans[assignment.unit_id].problems.append(reason)
        for assignment, reason in plan.held.items():
            plans[assignment.unit_id].held.append(reason)
        for assignment in plan.billed:
            plans[assignment.unit_id].billed += 1
        pending = self.env["property.charge"].search(
            self._domain_pending() & Domain("unit_id", "in", units.ids)
        )
        for unit, charges in pending.grouped("unit_id").items():
            plans[unit].pending = charges
        self._find_problems(plans)
        return plans

    def _find_problems(self, plans):
        """Add to the plans what Odoo would refuse, said so that somebody can mend it.

        :param dict plans: unit -> `UnitPlan`
        """
        partners, items = set(), set()
        for plan in plans.values():
            partners |= {vals["partner_id"] for vals in plan.vals_list}
            partners |= set(plan.pending.partner_id.ids)
            items |= {vals["item_id"] for vals in plan.vals_list}
            items |= set(plan.pending.item_id.ids)
        archived = self.env["res.partner"].search(
            [("id", "in", list(partners)), ("active", "=", False)]
        )
        payers = {
            partner.id: self.env._(
                "%(payer)s, who pays, is archived. Restore the contact or change who pays.",
                payer=partner.name,
            )
            for partner in archived
        }
        reasons = {
            item.id: reason
            for item in self.env["property.fee.item"].browse(items)
            if (reason := item._get_account_problem(self.company_id))
        }
        if not payers and not reasons:
            return
        for plan in plans.values():
            keys = [(vals["partner_id"], vals["item_id"]) for vals in plan.vals_list]
            keys += [
                (charge.partner_id.id, charge.item_id.id) for charge in plan.pending
            ]
            found = {payers.get(partner) for partner, _item in keys}
            found |= {reasons.get(item) for _partner, item in keys}
            plan.problems += sorted(found - {None, *plan.problems})


class UnitPlan:
    """What a run owes to one unit.

    :ivar list vals_list: values of the charges to create
    :ivar pending: property.charge, checked ones that wait for a bill
    :ivar list problems: why something of it cannot be charged
    :ivar list held: why something of it waits for a later run, and nothing else does
    :ivar int billed: number of assignments that were charged before
    """

    def __init__(self, env):
        self.env = env
        self.vals_list = []
        self.pending = env["property.charge"]
        self.problems = []
        self.held = []
        self.billed = 0

    def is_due(self):
        """Return whether the unit belongs in the run at all."""
        found = (self.vals_list, self.pending, self.problems, self.held, self.billed)
        return any(found)

    def get_amount(self):
        """Return the sum of what is to be billed."""
        amount = sum(vals["amount"] for vals in self.vals_list)
        return amount + sum(self.pending.mapped("amount_net"))

    def get_row(self):
        """Return the values of the row before billing.

        A household with a problem is not billed in part: its rest would need another bill.
        A reading that is held is no such problem: it comes with a later run anyway.
        """
        nothing = not self.vals_list and not self.pending
        if self.problems or (self.held and nothing):
            reason = "\n".join([*self.problems, *self.held])
            return {"status": "failed", "reason": reason}
        if nothing:
            reason = (
                self.env._("Already billed.")
                if self.billed
                else self.env._("Nothing due.")
            )
            return {"status": "skipped", "reason": reason}
        return {
            "status": "todo",
            **self.get_held(),
            "charge_count": len(self.vals_list) + len(self.pending),
            "amount_expected": self.get_amount(),
        }

    def get_held(self):
        """Return the values of the row that tell what waits for a later run."""
        return {"is_partial": bool(self.held), "reason": "\n".join(self.held) or False}
