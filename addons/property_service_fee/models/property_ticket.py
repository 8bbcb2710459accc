from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.property_fee.models.property_unit import ARREARS_GROUPS

# Who may stop reminders because of a ticket: who answers the household about its fees.
DISPUTE_GROUPS = (
    "property_base.group_property_frontdesk",
    "property_base.group_property_cashier",
)


class PropertyTicket(models.Model):
    """A ticket about a fee holds the dunning of the household until it is solved.

    While the hold lasts nobody is reminded and no late fee accrues. The hold ends on the
    day on which the work on the ticket ends, and begins anew when the ticket is reopened.
    """

    _inherit = "property.ticket"

    dunning_case_id = fields.Many2one(
        "property.dunning.case",
        string="Disputed Case",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        domain="[('unit_id', '=', unit_id), ('state', '!=', 'closed')]",
        groups=ARREARS_GROUPS,
        help="Dunning that this ticket puts on hold.",
    )
    holds_dunning = fields.Boolean(
        string="Dunning on Hold",
        compute="_compute_holds_dunning",
        groups=ARREARS_GROUPS,
    )
    unit_currency_id = fields.Many2one(related="unit_id.currency_id")
    unit_amount_overdue = fields.Monetary(
        related="unit_id.amount_overdue",
        string="Arrears",
        currency_field="unit_currency_id",
        groups=ARREARS_GROUPS,
    )

    @api.depends("dunning_case_id.hold_ids.date_to", "name")
    def _compute_holds_dunning(self):
        today = fields.Date.context_today(self)
        for ticket in self:
            # Whoever sees the ticket may know that it stops the reminders.
            holds = ticket.sudo().dunning_case_id.hold_ids
            ticket.holds_dunning = any(
                hold.reference == ticket.name
                and hold._covers(today)
                and not hold.date_to
                for hold in holds
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """End the hold with the work on the ticket, and begin it anew with more work."""
        was_open = {ticket: ticket.is_open for ticket in self}
        # Engineers close tickets though they know nothing of dunning.
        disputes = self.sudo().filtered("dunning_case_id")
        result = super().write(vals)
        if "state" in vals:
            for ticket in disputes:
                before = was_open[ticket.with_env(self.env)]
                if before and not ticket.is_open:
                    ticket.dunning_case_id._end_hold(reference=ticket.name)
                elif ticket.is_open and not before:
                    ticket._hold_dunning()
        return result

    # === ACTION METHODS === #

    def action_dispute(self):
        """Put the dunning of the household on hold because of the ticket.

        :raise AccessError: if the user does not answer households about fees
        :raise UserError: when there is nothing to hold, or more than one debtor
        """
        self.ensure_one()
        self.check_access("write")
        if not any(self.env.user.has_group(group) for group in DISPUTE_GROUPS):
            raise AccessError(
                self.env._("Only the front desk and the cashiers hold the dunning.")
            )
        if not self.is_open:
            raise UserError(
                self.env._("The work on the ticket has ended; reopen it first.")
            )
        # Checked above; the hold itself is written by the system.
        ticket = self.sudo()
        if not ticket.dunning_case_id:
            ticket.dunning_case_id = ticket._find_dunning_case()
        ticket._hold_dunning()

    def action_end_dispute(self):
        """Let the dunning go on though the ticket is still open."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("property_base.group_property_accountant"):
            raise AccessError(
                self.env._("Only the fee accountant lets the dunning go on.")
            )
        # As above.
        ticket = self.sudo()
        ticket.dunning_case_id._end_hold(reference=ticket.name)

    def action_view_dunning_case(self):
        """Open the case that the ticket holds."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.dunning.case",
            "res_id": self.dunning_case_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _find_dunning_case(self):
        """Return the case that the ticket is about: the caller's, or the only one.

        :raise UserError: when there is none, or several and none is the caller's
        """
        self.ensure_one()
        cases = self.env["property.dunning.case"].search(
            Domain("unit_id", "=", self.unit_id.id) & Domain("state", "!=", "closed")
        )
        own = cases.filtered(lambda case: case.partner_id == self.partner_id)
        found = own or cases
        if not found:
            raise UserError(
                self.env._("Nobody is dunned for this unit; there is nothing to hold.")
            )
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "Several people are dunned for %(unit)s. Choose the disputed case.",
                    unit=self.unit_id.code,
                )
            )
        return found

    def _hold_dunning(self):
        """Begin a hold that names the ticket, unless it lasts already."""
        self.ensure_one()
        self.dunning_case_id._start_hold(
            self.env._(
                "Disputed: %(subject)s",
                subject=self.subject,
            ),
            reference=self.name,
        )
