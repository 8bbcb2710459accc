from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.property_base.tools.text import to_id

MAX_PAID_AT_ONCE = 100


class PropertyBillPortal(PortalAccount):
    """The bills of the user's homes: what each is for, by year, and paying them online.

    Everything is read with the user's own rights. The page of a household opens with the
    token of a bill, too, as it is printed on the notice.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_bill_count" in counters:
            Move = request.env["account.move"]
            # Odoo hides what counts nothing; who has paid all still looks up his bills.
            values["property_bill_count"] = (
                Move.search_count(self._get_bill_domain())
                if Move.has_access("read")
                else 0
            )
        return values

    def _get_bill_domain(self):
        """Return the domain of the user's own bills; staff see what they owe themselves."""
        return (
            Domain("property_unit_id", "!=", False)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("partner_id", "=", request.env.user.partner_id.id)
        )

    # === LIST === #

    @http.route("/my/bills", type="http", auth="user", website=True, sitemap=False)
    def portal_my_bills(self, year=None, unit_id=None, **kwargs):
        """Show the bills of a year, all homes or one."""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "property_bills",
            "year": None,
            "years": [],
            "homes": [],
        }
        Move = request.env["account.move"]
        if not Move.has_access("read"):
            return request.render("property_fee.portal_my_bills", values)
        domain = self._get_bill_domain()
        years = self._get_years(domain)
        chosen = to_id(year)
        if chosen not in years:
            chosen = years[0] if years else None
        shown = domain
        if chosen:
            first = fields.Date.to_date(f"{chosen}-01-01")
            last = fields.Date.to_date(f"{chosen}-12-31")
            shown &= Domain("invoice_date", ">=", first)
            shown &= Domain("invoice_date", "<=", last)
        if home := to_id(unit_id):
            shown &= Domain("property_unit_id", "=", home)
        bills = Move.search(shown, order="invoice_date desc, id desc")
        open_bills = Move.search(domain & Move._domain_property_open())
        values.update(
            {
                "year": chosen,
                "years": years,
                "homes": self._get_home_values(bills, open_bills),
            }
        )
        return request.render("property_fee.portal_my_bills", values)

    def _get_years(self, domain):
        """Return the years in which the user was billed, the last one first."""
        rows = request.env["account.move"]._read_group(domain, ["invoice_date:year"])
        return sorted((day.year for (day,) in rows if day), reverse=True)

    def _get_home_values(self, bills, open_bills):
        """Return what the list shows of each home.

        :param bills: account.move of the year
        :param open_bills: account.move of any year with an open amount
        :return: list of dict `unit`, `name`, `bills`, `billed`, `owed`, `first_open`
        """
        today = fields.Date.context_today(bills)
        homes = []
        groups = bills.grouped("property_unit_id")
        waiting = open_bills.grouped("property_unit_id")
        # A former owner may read his old bills, not the home that is no longer his.
        units = (bills | open_bills).property_unit_id.sudo()
        for unit in units.with_context(property_community_in_name=True):
            own = groups.get(unit.sudo(False), bills.browse())
            due = waiting.get(unit.sudo(False), bills.browse())
            homes.append(
                {
                    "id": unit.id,
                    "name": unit.display_name,
                    "currency": (own | due)[:1].currency_id,
                    "bills": [
                        {
                            "move": bill,
                            "lines": bill._get_notice_lines(),
                            "period": bill._get_notice_period(),
                            "sign": -1 if bill.move_type == "out_refund" else 1,
                            "is_overdue": bool(
                                bill.amount_residual
                                and bill.invoice_date_due
                                and bill.invoice_date_due < today
                            ),
                        }
                        for bill in own
                    ],
                    "billed": sum(own.mapped("amount_total_signed")),
                    "paid": sum(own.mapped("amount_total_signed"))
                    - sum(own.mapped("amount_residual_signed")),
                    "owed": sum(due.mapped("amount_residual_signed")),
                    "first_open": due[:1],
                }
            )
        return homes

    # === ONE HOUSEHOLD === #

    def _get_bill_household(self, move_id, access_token):
        """Return the bill of a link and all open bills of its payer for the same unit.

        :return: (account.move, account.move), as superuser
        :raises AccessError: neither the user's own bill nor the right token
        """
        bill = self._document_check_access("account.move", move_id, access_token)
        if not bill.property_unit_id:
            raise MissingError(request.env._("This is no bill of a home."))
        Move = request.env["account.move"]
        # Checked above: who may see the bill may see what else its payer owes for the unit.
        bills = Move.sudo().search(
            Domain("property_unit_id", "=", bill.property_unit_id.id)
            & Domain("partner_id", "=", bill.partner_id.id)
            & Domain("company_id", "=", bill.company_id.id)
            & Domain("currency_id", "=", bill.currency_id.id)
            & Move._domain_property_open(),
            order="invoice_date, id",
            limit=MAX_PAID_AT_ONCE,
        )
        return bill, bills

    @http.route(
        "/my/bills/<int:move_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_household(self, move_id, access_token=None, pay=None, **kwargs):
        """Show the open bills of a household and the way to pay them at once."""
        try:
            bill, bills = self._get_bill_household(move_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        chosen = self._choose(bills, pay)
        total = sum(chosen.mapped("amount_residual_signed"))
        token = f"?access_token={access_token}" if access_token else ""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "property_bills",
            "bill": bill,
            "bills": bills,
            "chosen": chosen,
            "total": total,
            "owed": sum(bills.mapped("amount_residual_signed")),
            "access_token": access_token,
            "household_url": f"/my/bills/{bill.id}",
            "can_pay": False,
            "today": fields.Date.context_today(bill),
        }
        if total > 0 and all(
            one._has_to_be_paid() for one in chosen if one.move_type == "out_invoice"
        ):
            ids = "-".join(str(one.id) for one in chosen)
            values.update(
                self._get_common_page_view_values(
                    invoices_data={
                        "partner": bill.partner_id,
                        "company": bill.company_id,
                        "total_amount": total,
                        "currency": bill.currency_id,
                        "amount_residual": total,
                        "landing_route": f"/my/bills/{bill.id}{token}",
                        "transaction_route": f"/my/bills/{bill.id}/transaction/{ids}",
                    },
                    access_token=access_token,
                ),
                amount=total,
                can_pay=True,
            )
        return request.render("property_fee.portal_household", values)

    @staticmethod
    def _choose(bills, ids):
        """Return the bills of a household that are to be paid, all when none is named.

        :param bills: open bills of the household; no other can be chosen
        :param str ids: ids with dashes between
        """
        wanted = {to_id(part) for part in str(ids or "").split("-")}
        return bills.filtered(lambda bill: bill.id in wanted) or bills

    @http.route(
        "/my/bills/<int:move_id>/transaction/<string:ids>",
        type="jsonrpc",
        auth="public",
    )
    def portal_household_transaction(self, move_id, ids, access_token=None, **kwargs):
        """Create the transaction that pays the chosen bills of a household.

        The amount is what they have open, whatever the browser says.
        """
        try:
            bill, bills = self._get_bill_household(move_id, access_token)
        except (AccessError, MissingError) as error:
            raise ValidationError(
                request.env._("The access token is invalid.")
            ) from error
        chosen = self._choose(bills, ids)
        if {str(one.id) for one in chosen} != set(ids.split("-")):
            raise ValidationError(
                request.env._("These bills have been paid in the meantime.")
            )
        self._validate_transaction_kwargs(kwargs)
        kwargs.update(
            amount=sum(chosen.mapped("amount_residual_signed")),
            currency_id=bill.currency_id.id,
            partner_id=bill.partner_id.id,
            reference_prefix=bill.payment_reference if len(chosen) == 1 else None,
        )
        transaction = self._create_transaction(
            custom_create_values={"invoice_ids": [Command.set(chosen.ids)]}, **kwargs
        )
        return transaction._get_processing_values()

    @http.route(
        "/my/bills/<int:move_id>/notice",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_notice(self, move_id, access_token=None, **kwargs):
        """Download the payment notice of a bill."""
        try:
            bill, _bills = self._get_bill_household(move_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        try:
            return self._show_report(
                bill,
                "pdf",
                "property_fee.property_payment_notice_report",
                download=True,
            )
        except UserError:
            return request.redirect(f"/my/bills/{move_id}")
