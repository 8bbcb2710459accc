from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Facts that stay as they are once the unit has another owner.
CLOSED_FACTS = ("partner_ids", "date_opened", "state", "date_closed")


class PropertyOwnerFile(models.Model):
    _name = "property.owner.file"
    _description = "Owner File"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_opened desc, id desc"
    _rec_names_search = ["name", "unit_id.code", "partner_ids.name"]

    name = fields.Char(
        string="File No.", required=True, readonly=True, copy=False, default="/"
    )
    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict", tracking=True
    )
    unit_type = fields.Selection(related="unit_id.unit_type")
    community_id = fields.Many2one(
        related="unit_id.community_id", store=True, index=True
    )
    building_id = fields.Many2one(
        related="unit_id.building_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    partner_ids = fields.Many2many(
        "res.partner",
        string="Owners",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
        tracking=True,
        help="Owners whose file this is; they stay on it when the unit is sold.",
    )
    date_opened = fields.Date(
        string="Filing Date", required=True, default=fields.Date.context_today
    )
    date_closed = fields.Date(
        string="Closed On",
        readonly=True,
        copy=False,
        tracking=True,
        help="Last day of the ownership that the file is about.",
    )
    state = fields.Selection(
        [
            ("open", "Being Collected"),
            ("archived", "In the Archive"),
            ("closed", "Closed"),
        ],
        required=True,
        default="open",
        index=True,
        copy=False,
        readonly=True,
        tracking=True,
        help="Being collected: papers are still coming in. In the archive: complete"
        " and filed away. Closed: the unit has another owner.",
    )
    note = fields.Text()

    # Where it is
    keeper_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        tracking=True,
        help="Answers for the file and is reminded of what was not brought back.",
    )
    cabinet = fields.Char(help="Cabinet or room, such as A-03.")
    box = fields.Char(help="Box or shelf in the cabinet.")

    # What is in it
    document_ids = fields.One2many(
        "property.owner.document",
        "file_id",
        string="Documents",
        domain=[("kind", "=", "filed")],
    )
    handout_ids = fields.One2many(
        "property.owner.document",
        "file_id",
        string="Handed Out",
        domain=[("kind", "=", "handout")],
    )
    completeness = fields.Integer(
        string="Complete (%)",
        compute="_compute_completeness",
        aggregator=None,
        help="Part of the required documents that is in the file.",
    )
    missing_type_ids = fields.Many2many(
        "property.document.type",
        string="Missing Documents",
        compute="_compute_completeness",
        search="_search_missing_type_ids",
    )
    is_incomplete = fields.Boolean(
        string="Incomplete",
        compute="_compute_completeness",
        search="_search_is_incomplete",
    )
    _unit_live_uniq = models.UniqueIndex(
        "(unit_id) WHERE state != 'closed'",
        "The unit already has an owner file; it is closed when the owner changes.",
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name)", "Another owner file already has this number."
    )
    _period_order = models.Constraint(
        "CHECK(date_closed IS NULL OR date_closed >= date_opened)",
        "A file cannot be closed before it was opened.",
    )
    _closed_has_date = models.Constraint(
        "CHECK((state = 'closed') = (date_closed IS NOT NULL))",
        "A closed file has the day on which it was closed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_partner_ids(self):
        owners = self.unit_id._get_owners(fields.Date.context_today(self))
        nobody = self.env["res.partner"]
        for file in self:
            file.partner_ids = owners.get(file.unit_id._origin, nobody)

    @api.depends("name", "unit_id.code")
    def _compute_display_name(self):
        for file in self:
            file.display_name = f"{file.name} ({file.unit_id.code or ''})"

    @api.depends(
        "document_ids.required", "document_ids.type_id", "document_ids.received_on"
    )
    def _compute_completeness(self):
        required = self.env["property.owner.document"]._read_group(
            [
                ("file_id", "in", self.ids),
                ("kind", "=", "filed"),
                ("required", "=", True),
            ],
            ["file_id", "type_id"],
            ["__count", "received_on:count"],
        )
        wanted, received, missing = {}, {}, {}
        for file, document_type, count, here in required:
            wanted[file.id] = wanted.get(file.id, 0) + count
            received[file.id] = received.get(file.id, 0) + here
            if here < count:
                missing.setdefault(file.id, []).append(document_type.id)
        for file in self:
            key = file._origin.id
            total = wanted.get(key, 0)
            # Rounded down: 100 only when nothing is missing.
            file.completeness = received.get(key, 0) * 100 // total if total else 100
            file.missing_type_ids = [Command.set(missing.get(key, []))]
            file.is_incomplete = key in missing

    @api.model
    def _domain_missing(self):
        """Return the domain of the document slots that are required and empty."""
        return (
            Domain("kind", "=", "filed")
            & Domain("required", "=", True)
            & Domain("received_on", "=", False)
        )

    def _search_is_incomplete(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("document_ids", "any", self._domain_missing())

    def _search_missing_type_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain(
            "document_ids",
            "any",
            self._domain_missing() & Domain("type_id", operator, value),
        )

    # === CONSTRAINTS AND CRUD METHODS === #

    @api.constrains("state")
    def _check_complete(self):
        """Let only complete files into the archive."""
        for file in self.filtered(lambda file: file.state == "archived"):
            if file.missing_type_ids:
                raise ValidationError(
                    self.env._(
                        "File %(file)s of %(unit)s still lacks: %(documents)s.",
                        file=file.name,
                        unit=file.unit_id.code,
                        documents=", ".join(file.missing_type_ids.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the files and lay out the slots for their documents."""
        numbers = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = numbers.next_by_code("property.owner.file")
        files = super().create(vals_list)
        files._add_slots()
        return files

    def write(self, vals):
        if "unit_id" in vals:
            self._check_not_moved(vals["unit_id"])
        if any(name in vals for name in CLOSED_FACTS):
            self._check_not_closed()
        return super().write(vals)

    def _check_not_moved(self, unit_id):
        for file in self:
            if file.unit_id.id != unit_id:
                raise UserError(
                    self.env._(
                        "File %(file)s belongs to %(unit)s. Open a new file for"
                        " another unit.",
                        file=file.name,
                        unit=file.unit_id.code,
                    )
                )

    def _check_not_closed(self):
        """Refuse to go on when one of the files is closed.

        :raises UserError: naming the file
        """
        for file in self:
            if file.state == "closed":
                raise UserError(
                    self.env._(
                        "File %(file)s of %(unit)s is closed and stays as it is.",
                        file=file.name,
                        unit=file.unit_id.code,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for file in self:
            papers = file.document_ids + file.handout_ids
            if (
                file.state != "open"
                or file.loan_ids
                or any(papers.mapped("received_on"))
            ):
                raise UserError(
                    self.env._(
                        "File %(file)s holds documents, or has been archived or lent;"
                        " it cannot be deleted.",
                        file=file.name,
                    )
                )

    # === ACTION METHODS === #

    def action_add_missing_slots(self):
        """Add the slots of document types that came to the list after the file was made."""
        added = self.filtered(lambda file: file.state != "closed")._add_slots()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if added else "info",
                "message": self.env._("%(count)s slots were added.", count=len(added)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_file_away(self):
        """Put files into the archive; `_check_complete` refuses incomplete ones."""
        self.filtered(lambda file: file.state == "open").state = "archived"

    def action_reopen(self):
        """Take files out of the archive to add to them."""
        self.filtered(lambda file: file.state == "archived").state = "open"

    def action_close(self):
        """Close files as of today, for a unit that has no owner any more."""
        self._close(fields.Date.context_today(self))

    # === BUSINESS METHODS === #

    def _add_slots(self):
        """Lay out a slot for each document type that a file lacks.

        Slots exist once for each file and type: the database refuses a second one, so
        two people may do this at once.

        :return: the property.owner.document added
        """
        Document = self.env["property.owner.document"]
        types = self.env["property.document.type"]._get_for_unit_types(
            self.mapped("unit_type")
        )
        existing = {
            (file.id, document_type.id)
            for file, document_type in Document._read_group(
                [("file_id", "in", self.ids), ("is_standard", "=", True)],
                ["file_id", "type_id"],
            )
        }
        return Document.create(
            [
                document_type._prepare_slot_values(file)
                for file in self
                for document_type in types.get(file.unit_type, ())
                if (file.id, document_type.id) not in existing
            ]
        )

    @api.model
    def _open(self, units, date):
        """Open files for the units that have an owner on a day and no live file.

        :param units: property.unit
        :param date: filing date, and the day whose owners count
        :return: the property.owner.file opened
        """
        live = self._read_group(
            [("unit_id", "in", units.ids), ("state", "!=", "closed")], ["unit_id"]
        )
        units -= self.env["property.unit"].union(*(unit for (unit,) in live))
        owners = units._get_owners(date)
        # What is opened for a whole estate is no news to anybody.
        quiet = self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        files = quiet.create(
            [
                {
                    "unit_id": unit.id,
                    "partner_ids": [Command.set(owners[unit].ids)],
                    "date_opened": date,
                }
                for unit in units
                if unit in owners
            ]
        )
        return files.with_env(self.env)

    def _close(self, date):
        """Close the files; they and their papers stay as they are from now on.

        :param date: last day of the ownership
        """
        for file in self.filtered(lambda file: file.state != "closed"):
            file.write({"state": "closed", "date_closed": max(date, file.date_opened)})

    @api.model
    def _renew(self, unit, date, partners):
        """Close the file of a unit and open one for its new owners.

        Called when a unit changes hands. Does nothing where the live file is already the
        file of these owners, so that it may be called twice.

        :param unit: one property.unit
        :param date: first day of the new owners
        :param partners: res.partner, the new owners; with none the file is only closed
        :return: the live property.owner.file; empty without new owners
        """
        unit.ensure_one()
        live = self.search([("unit_id", "=", unit.id), ("state", "!=", "closed")])
        if live and live.partner_ids == partners:
            return live
        live._close(date - relativedelta(days=1))
        if not partners:
            return self.browse()
        live.flush_recordset(["state", "date_closed"])
        return self.create(
            {
                "unit_id": unit.id,
                "partner_ids": [Command.set(partners.ids)],
                "date_opened": date,
                "cabinet": live.cabinet,
                "box": live.box,
                **({"keeper_id": live.keeper_id.id} if live.keeper_id else {}),
            }
        )
