import base64
import binascii
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_base.models.import_messages import unreadable_text
from odoo.addons.property_base.tools.workbook import (
    UnreadableWorkbook,
    read_rows,
    write_workbook,
)


class PropertyChargeEntry(models.Model):
    """Rows of a list from a workbook."""

    _inherit = "property.charge.entry"

    file = fields.Binary(string="Workbook", attachment=True, copy=False)
    filename = fields.Char(copy=False)

    def _check_rows_may_change(self):
        """Refuse changes of the rows of a list that has been checked."""
        if any(entry.state not in ("draft", "cancelled") for entry in self):
            raise UserError(
                self.env._(
                    "The list has been checked. Take it back to draft to change its rows."
                )
            )

    def _get_columns(self):
        """Return the columns of the workbook: dict key -> heading in the user's language."""
        return {
            "unit": self.env._("Unit"),
            "item": self.env._("Fee Item"),
            "quantity": self.env._("Quantity"),
            "price": self.env._("Price or Amount"),
            "date": self.env._("Date"),
            "payer": self.env._("Payer"),
            "remark": self.env._("Remark"),
        }

    def action_template(self):
        """Download an empty workbook with the columns that are read."""
        self.ensure_one()
        content = write_workbook(
            [
                {
                    "name": self.env._("Charges"),
                    "header": list(self._get_columns().values()),
                    "rows": [],
                }
            ]
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Single charges.xlsx"),
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    def action_import(self):
        """Replace the rows by those of the workbook.

        Rows that cannot be read stay in the list with what is wrong with them.

        :raises UserError: the file is no workbook, or the unit or price column is missing
        """
        self.ensure_one()
        self._check_rows_may_change()
        rows = self._read_workbook()
        places = self._find_columns(rows[0])
        units, items = self._get_units(), self._get_items()
        vals_list = []
        for number, cells in enumerate(rows[1:], start=2):
            cell = {
                key: cells[place] if place < len(cells) else ""
                for key, place in places.items()
            }
            if any(value not in (None, "") for value in cell.values()):
                vals_list.append(self._prepare_row(number, cell, units, items))
        self.line_ids.unlink()
        self.env["property.charge.entry.line"].create(vals_list)
        return True

    def _read_workbook(self):
        try:
            return read_rows(
                base64.b64decode(self.with_context(bin_size=False).file or b"")
            )
        except UnreadableWorkbook as error:
            reason = error.args[0]
        except binascii.Error:
            reason = "format"
        raise UserError(unreadable_text(self.env, reason, self.filename))

    def _find_columns(self, header):
        """Return the places of the columns: dict key -> index."""
        titles = [str(title or "").strip().lower() for title in header]
        columns = self._get_columns()
        places = {
            key: titles.index(title.lower())
            for key, title in columns.items()
            if title.lower() in titles
        }
        if missing := [columns[key] for key in ("unit", "price") if key not in places]:
            raise UserError(
                self.env._(
                    "The first row has no column %(columns)s. Download the template to"
                    " see the columns.",
                    columns=", ".join(missing),
                )
            )
        return places

    def _get_units(self):
        units = self.env["property.unit"].search_fetch(
            [("community_id", "=", self.community_id.id)], ["code"]
        )
        return {unit.code.lower(): unit.id for unit in units}

    def _get_items(self):
        items = self.env["property.fee.item"].search(
            [("kind", "=", "one_off"), ("company_id", "=", self.company_id.id)]
        )
        return {
            key.lower(): item.id for item in items for key in (item.name, item.code)
        }

    def _prepare_row(self, number, cell, units, items):
        """Return the values of the row of a workbook; what cannot be read is a problem."""
        problems = []
        quantity = self._number(cell.get("quantity"), 1.0)
        price = self._number(cell.get("price"), None)
        day = self._day(cell.get("date"))
        if quantity is None:
            problems.append(self.env._("The quantity is not a number."))
        if price is None:
            problems.append(self.env._("The price is not a number."))
        if day is None:
            problems.append(self.env._("The date cannot be read."))
        unit = str(cell.get("unit") or "").strip()
        if unit.lower() not in units:
            problems.append(
                self.env._("There is no unit %(unit)s in the community.", unit=unit)
            )
        item = str(cell.get("item") or "").strip()
        if item and item.lower() not in items:
            problems.append(
                self.env._("There is no one-off fee item %(item)s.", item=item)
            )
        payer, problem = self._find_payer(cell.get("payer"))
        problems += problem
        vals = {
            "entry_id": self.id,
            "row": number,
            "unit_id": units.get(unit.lower()),
            "item_id": items.get(item.lower()) or self.item_id.id,
            "quantity": quantity or 0.0,
            "price": price or 0.0,
            "partner_id": payer.id,
            "remark": str(cell.get("remark") or "").strip() or False,
            "problem": "\n".join(problems) or False,
        }
        return {**vals, "date": day} if day else vals

    @api.model
    def _number(self, value, default):
        if value in (None, ""):
            return default
        try:
            return float(str(value).replace(",", "").strip())
        except ValueError:
            return None

    @api.model
    def _day(self, value):
        """Return the date of a cell, False for an empty one, None when it is none."""
        if value in (None, ""):
            return False
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = str(value).strip().replace("/", "-").replace(".", "-")
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            return None

    def _find_payer(self, value):
        """Return the contact that a cell names, and what is wrong with it."""
        name = str(value or "").strip()
        partner = self.env["res.partner"]
        if not name:
            return partner, []
        found = partner.search([("name", "=", name)], limit=2)
        if len(found) == 1:
            return found, []
        text = (
            self.env._("Several contacts are called %(name)s.", name=name)
            if found
            else self.env._("There is no contact %(name)s.", name=name)
        )
        return partner, [text]
