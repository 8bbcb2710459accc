import base64
import uuid
from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.image import image_data_uri
from odoo.tools.sql import SQL

from ..tools.period import month_start
from ..tools.qr import qr_png


class AccountMove(models.Model):
    """The payment notice: what a household is told of its bills, on paper and by mail."""

    _inherit = "account.move"

    # === WHO GETS ONE === #

    def _sort_for_delivery(self):
        """Return the bills of units in the order in which notices are carried out.

        By community and building, there by floor and door.
        """
        return self.filtered("property_unit_id").sorted(
            lambda move: (
                move.property_community_id.id,
                move.property_unit_id.building_id.sequence,
                move.property_unit_id.building_id.id,
                move.property_unit_id.sequence,
                move.property_unit_id.code,
                move.partner_id.id,
                move._get_notice_period(),
                move.id,
            )
        )

    def _get_notice_period(self):
        """Return the month that the bill is for."""
        self.ensure_one()
        return self.property_period or month_start(self.invoice_date or self.date)

    def _group_for_notice(self, per_household=True):
        """Return which bills share a notice, in the order of delivery.

        :param bool per_household: one notice for all bills of a payer for a unit; else one
            for each bill
        :return: list of account.move
        """
        moves = self._sort_for_delivery()
        if not per_household:
            return list(moves)
        return list(
            moves.grouped(
                lambda move: (move.property_unit_id, move.partner_id)
            ).values()
        )

    # === WHAT IT SAYS === #

    def _get_notices(self, per_household=True, with_qr=False):
        """Return what the payment notices of the bills say.

        :param bool per_household: see `_group_for_notice`
        :param bool with_qr: whether to draw the QR code of the portal link
        :return: list of dict in the order of delivery: `bills`, `last` (the newest bill),
            `unit`, `partner`, `currency`, `lines` (see `_get_notice_lines`), `amount` (total
            of the bills), `paid`, `arrears`, `arrears_rows` (list of period, amount),
            `total` (to pay), `due` (pay-by date), `bank`, `url` and `qr`
        """
        groups = self._group_for_notice(per_household)
        arrears = self._get_earlier_arrears(groups)
        self._ensure_portal_tokens()
        notices = []
        for bills in groups:
            last = bills[-1:]
            rows = sorted(arrears[bills].items())
            owed = sum(amount for _period, amount in rows)
            url = last._get_household_url()
            signed = [
                (-1 if bill.move_type == "out_refund" else 1, bill) for bill in bills
            ]
            open_amount = sum(sign * bill.amount_residual for sign, bill in signed)
            amount = sum(sign * bill.amount_total for sign, bill in signed)
            due = bills.filtered("amount_residual").mapped("invoice_date_due")
            notices.append(
                {
                    "bills": bills,
                    "last": last,
                    "unit": last.property_unit_id,
                    "partner": last.partner_id,
                    "currency": last.currency_id,
                    "lines": [
                        line for bill in bills for line in bill._get_notice_lines()
                    ],
                    "amount": amount,
                    "paid": amount - open_amount,
                    "arrears": owed,
                    "arrears_rows": rows,
                    "total": open_amount + owed,
                    "due": max(filter(None, due), default=last.invoice_date_due),
                    "bank": last.partner_bank_id
                    or last.company_id.partner_id.bank_ids[:1],
                    "url": url,
                    "qr": image_data_uri(base64.b64encode(qr_png(url)))
                    if with_qr
                    else None,
                }
            )
        return notices

    def _get_notice_lines(self):
        """Return the lines of the notice in the language of the payer.

        :return: list of dict `item`, `days`, `text` (the calculation) and `amount`
        """
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        sign = -1 if self.move_type == "out_refund" else 1
        lines = []
        for line in self.with_context(lang=lang).invoice_line_ids:
            if line.display_type != "product":
                continue
            # Whoever reads the bill may know what it is for; a portal user reads no charges.
            charge = line.property_charge_id.sudo()
            lines.append(
                {
                    "item": charge.item_id.name or line.product_id.name or line.name,
                    "days": charge.period_label or "",
                    "text": charge.explanation_text or line.name,
                    "amount": sign * line.price_total,
                }
            )
        return lines

    def _get_earlier_arrears(self, groups):
        """Return what the payers of bills still owe for the unit from earlier months.

        :param groups: list of account.move, each of one unit and payer
        :return: dict group -> dict first day of the month -> amount
        """
        wanted = {(bills.property_unit_id, bills.partner_id): None for bills in groups}
        rows = self.search_fetch(
            Domain("property_unit_id", "in", [unit.id for unit, _partner in wanted])
            & Domain("partner_id", "in", [partner.id for _unit, partner in wanted])
            & self._domain_property_open(),
            [
                "property_unit_id",
                "partner_id",
                "property_period",
                "invoice_date",
                "date",
                "amount_residual_signed",
            ],
        )
        owed = defaultdict(list)
        for move in rows:
            owed[move.property_unit_id, move.partner_id].append(move)
        result = {}
        for bills in groups:
            newest = max(bill._get_notice_period() for bill in bills)
            months = defaultdict(float)
            for move in owed[bills.property_unit_id, bills.partner_id]:
                month = move._get_notice_period()
                if move not in bills and month < newest:
                    months[month] += move.amount_residual_signed
            result[bills] = months
        return result

    def _domain_property_open(self):
        """Return the domain of the bills and credit notes of units with an open amount."""
        return (
            Domain("property_unit_id", "!=", False)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("payment_state", "in", ("not_paid", "partial"))
        )

    # === PORTAL LINK === #

    def _ensure_portal_tokens(self):
        """Give every bill the token of its portal link, in one statement.

        Odoo's own way writes bill by bill, which a print of a thousand notices would feel.
        """
        bare = self.filtered(lambda move: move.id and not move.access_token)
        if not bare:
            return
        tokens = [(move.id, str(uuid.uuid4())) for move in bare]
        self.env.execute_query(
            SQL(
                "UPDATE account_move SET access_token = token.value"
                " FROM (VALUES %s) AS token(id, value)"
                " WHERE account_move.id = token.id"
                " AND account_move.access_token IS NULL RETURNING account_move.id",
                SQL(", ").join(SQL("(%s, %s)", *token) for token in tokens),
            )
        )
        bare.invalidate_recordset(["access_token"])
        bare.fetch(["access_token"])

    def _get_household_url(self):
        """Return the link under which the payer sees and pays all that the household owes.

        Whoever holds the notice may open it: it carries the token of the bill.
        """
        self.ensure_one()
        self._ensure_portal_tokens()
        # A token is not for every reader of the bill; its notice is.
        token = self.sudo().access_token
        return f"{self.get_base_url()}/my/bills/{self.id}?access_token={token}"

    # === BY MAIL === #

    def _get_mail_template(self):
        """Let Odoo's own "Send" tell of a property bill in its own words."""
        if self and all(
            move.property_unit_id and move.move_type == "out_invoice" for move in self
        ):
            return self.env.ref("property_fee.mail_template_bill")
        return super()._get_mail_template()

    def _send_notices(self):
        """Put one message per household into Odoo's queue of outgoing mail.

        :return: (list of account.move that are told of, list of those without an address)
        """
        template = self.env.ref("property_fee.mail_template_bill")
        groups = self._group_for_notice()
        told = [bills for bills in groups if bills.partner_id.email]
        if told:
            last = self.browse([bills[-1].id for bills in told])
            last._ensure_portal_tokens()
            template.send_mail_batch(last.ids)
        return told, [bills for bills in groups if bills not in told]

    def _send_text_messages(self):
        """Put one text message per household into Odoo's queue, where Odoo can send any.

        :return: (list of account.move that are told of, list of those without a number)
        """
        notices = self._get_notices()
        told = [notice for notice in notices if notice["partner"].phone]
        for notice in told:
            bill = notice["last"]
            bill._message_sms(
                bill._get_text_message(notice),
                partner_ids=bill.partner_id.ids,
                put_in_queue=True,
            )
        return (
            [notice["bills"] for notice in told],
            [notice["bills"] for notice in notices if notice not in told],
        )

    def _get_text_message(self, notice):
        """Return the text message about what the household of the bill owes.

        :param dict notice: see `_get_notices`
        """
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        bill = self.with_context(lang=lang)
        return bill.env._(
            "%(company)s: %(unit)s owes %(amount)s, please pay by %(due)s: %(url)s",
            company=bill.company_id.name,
            unit=bill.property_unit_id.code,
            amount=bill.currency_id.format(notice["total"]),
            due=fields.Date.to_string(notice["due"]),
            url=notice["url"],
        )

    def _get_mail_notice(self):
        """Return what the message about a bill says; used by its template."""
        self.ensure_one()
        notices = self._get_notices()
        if not notices:
            # Odoo tries a template on any entry when it is saved, also on no bill of ours.
            return {
                "lines": [],
                "paid": 0.0,
                "arrears": 0.0,
                "total": 0.0,
                "due": self.invoice_date_due,
                "url": "",
            }
        return notices[0]
