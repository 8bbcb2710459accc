from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.fields import Domain

from ..tools.period import month_start


class PropertyUnit(models.Model):
    """What is open of a household before its account can be called settled."""

    _inherit = "property.unit"

    def _get_open_matters(self, date, partner=None):
        """Return what is open between the household and us on a day.

        Modules and other features extend it; each adds the rows of what it knows. It runs
        with the rights of the user, who must read the books to get a true answer.

        :param date: the day
        :param partner: res.partner whose matters count, None for everybody's
        :return: list of dicts: `kind`, `label` (translated), `count`, `amount` (or None),
            `blocking` (whether the account is not settled because of it)
        """
        self.ensure_one()
        return [
            row
            for row in (
                *self._get_open_bill_matters(date, partner),
                *self._get_unbilled_matters(date, partner),
                *self._get_dispute_matters(date, partner),
                *self._get_held_matters(partner),
            )
            if row["count"]
        ]

    def _get_matter_domain(self, partner):
        mine = Domain("partner_id", "=", partner.id) if partner else Domain.TRUE
        return Domain("unit_id", "in", self.ids) & mine

    def _get_open_bill_matters(self, date, partner):
        """Return the rows of open bills, and of their late fee as of the day."""
        domain = (
            Domain("property_unit_id", "in", self.ids)
            & Domain("move_type", "=", "out_invoice")
            & Domain("payment_state", "in", ("not_paid", "partial"))
        )
        if partner:
            domain &= Domain("partner_id", "=", partner.id)
        bills = self.env["account.move"].search(domain & Domain("state", "=", "posted"))
        drafts = self.env["account.move"].search(domain & Domain("state", "=", "draft"))
        fees = bills._get_late_fees(date)
        yield {
            "kind": "bill",
            "label": self.env._("Bills not paid"),
            "count": len(bills),
            "amount": sum(bills.mapped("amount_residual_signed")),
            "blocking": True,
        }
        yield {
            "kind": "late_fee",
            "label": self.env._("Late fee up to the day, not billed"),
            "count": len(fees),
            "amount": sum(fee.amount for fee in fees.values()),
            "blocking": True,
        }
        yield {
            "kind": "draft",
            "label": self.env._("Bills not posted"),
            "count": len(drafts),
            "amount": sum(drafts.mapped("amount_total_signed")),
            "blocking": True,
        }

    def _get_unbilled_matters(self, date, partner):
        """Return the rows of what is due and on no bill yet."""
        charges = self.env["property.charge"].search(
            self._get_matter_domain(partner)
            & Domain("state", "in", ("draft", "checked"))
            & Domain("move_id", "=", False)
        )
        yield {
            "kind": "charge",
            "label": self.env._("Charges not billed"),
            "count": len(charges),
            "amount": sum(charges.mapped("amount")),
            "blocking": True,
        }
        planned = [
            vals
            for vals in self._get_planned_charges(date)
            if not partner or vals["partner_id"] == partner.id
        ]
        yield {
            "kind": "unbilled",
            "label": self.env._("Fees due that no run has billed"),
            "count": len(planned),
            "amount": sum(vals["amount"] for vals in planned),
            "blocking": True,
        }

        readings = self.env["property.meter.reading"].search(
            [("unit_id", "in", self.ids), ("state", "=", "draft"), ("date", "<=", date)]
        )
        yield {
            "kind": "reading",
            "label": self.env._("Meter readings not confirmed"),
            "count": len(readings),
            "amount": None,
            "blocking": True,
        }

    def _get_planned_charges(self, date):
        """Return the values of the charges that runs would still make up to a day.

        From the month of the unit's first charge on, a year at most: what lies before the
        system was taken into use was billed elsewhere.
        """
        Charge = self.env["property.charge"]
        first = Charge.search(
            [("unit_id", "in", self.ids)], order="period, id", limit=1
        )
        month, last = first.period, month_start(date)
        assignments = self.env["property.fee.assignment"].search(
            [("unit_id", "in", self.ids)]
        )
        planned, seen = [], set()
        month = month and max(month, last - relativedelta(months=12))
        while month and month <= last:
            for vals in assignments._plan_charges(month).vals_list:
                key = (vals["assignment_id"], vals["date_from"])
                if key not in seen:
                    seen.add(key)
                    planned.append(vals)
            month += relativedelta(months=1)
        return planned

    def _get_dispute_matters(self, date, partner):
        """Return the rows of what is disputed or not decided."""
        mine = self._get_matter_domain(partner)
        holds = self.env["property.dunning.hold"].search(
            mine
            & Domain("date_from", "<=", date)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", date))
        )
        yield {
            "kind": "dispute",
            "label": self.env._("Disputes that hold the dunning"),
            "count": len(holds),
            "amount": None,
            "blocking": True,
        }
        waivers = self.env["property.waiver"].search(
            mine & Domain("approval_state", "=", "submitted")
        )
        yield {
            "kind": "waiver",
            "label": self.env._("Waivers not decided"),
            "count": len(waivers),
            "amount": sum(waivers.mapped("amount")),
            "blocking": True,
        }

    def _get_held_matters(self, partner):
        """Return the rows of what we still owe: they are noted and hinder nothing."""
        deposits = self.env["property.deposit"].search(
            self._get_matter_domain(partner) & Domain("state", "=", "held")
        )
        yield {
            "kind": "deposit",
            "label": self.env._("Deposits held, to be returned"),
            "count": len(deposits),
            "amount": sum(deposits.mapped("balance")),
            "blocking": False,
        }
        credit = [
            amount
            for (_unit, debtor), amount in self._get_credit_by_debtor().items()
            if not partner or debtor == partner
        ]
        yield {
            "kind": "credit",
            "label": self.env._("Credit that no bill has used"),
            "count": len(credit),
            "amount": sum(credit),
            "blocking": False,
        }
