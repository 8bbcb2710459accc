from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class PropertyTransfer(models.TransientModel):
    _name = "property.transfer"
    _description = "Transfer of Ownership"

    unit_id = fields.Many2one("property.unit", required=True, readonly=True)
    household_ids = fields.Many2many(
        "property.unit",
        "property_transfer_household_rel",
        string="Units of the Household",
        compute="_compute_household_ids",
    )
    unit_ids = fields.Many2many(
        "property.unit",
        string="Transferred Units",
        compute="_compute_unit_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', household_ids)]",
        help="Parking and storage that is not ticked stays with the old owners and no"
        " longer belongs to the home.",
    )
    old_owner_ids = fields.Many2many(
        "res.partner", string="Present Owners", compute="_compute_old_owner_ids"
    )
    kind = fields.Selection(
        [
            ("sale", "Sale"),
            ("inheritance", "Inheritance"),
            ("gift", "Gift"),
            ("developer", "First Sale by the Developer"),
        ],
        required=True,
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
    )
    date = fields.Date(
        string="New Owners From",
        required=True,
        default=fields.Date.context_today,
        help="First day of the new owners; the ownership of the old ones ends the day"
        " before.",
    )
    owner_ids = fields.One2many(
        "property.transfer.owner", "transfer_id", string="New Owners"
    )
    total_share = fields.Float(
        string="Shares (%)", digits=(6, 3), compute="_compute_total_share"
    )
    has_tenants = fields.Boolean(compute="_compute_old_owner_ids")
    keep_tenants = fields.Boolean(
        string="Tenants Stay",
        default=True,
        help="A lease outlasts a sale. Untick if the tenants leave with the old owners.",
    )
    keep_others = fields.Boolean(
        string="Family and Contacts Stay",
        help="Tick if family, agents and emergency contacts go on belonging to the"
        " household, for instance when it is inherited within the family.",
    )
    stamp = fields.Char(compute="_compute_stamp", store=True, readonly=False)
    item_ids = fields.One2many(
        "property.transfer.item",
        "transfer_id",
        string="Still Open",
        compute="_compute_item_ids",
        store=True,
    )
    is_blocked = fields.Boolean(compute="_compute_is_blocked")

    # === COMPUTE METHODS === #

    @api.depends("unit_id")
    def _compute_household_ids(self):
        for transfer in self:
            home = transfer.unit_id.parent_id or transfer.unit_id
            transfer.household_ids = home | home.child_ids | transfer.unit_id

    @api.depends("unit_id")
    def _compute_unit_ids(self):
        for transfer in self:
            unit = transfer.unit_id
            if unit.parent_id:
                transfer.unit_ids = unit
            else:
                transfer.unit_ids = unit | unit.child_ids.filtered(
                    lambda child, owners=unit.owner_ids: child.owner_ids == owners
                )

    @api.depends("unit_ids")
    def _compute_old_owner_ids(self):
        today = fields.Date.context_today(self)
        for transfer in self:
            units = transfer.unit_ids
            owners = units._get_owners(today)
            transfer.old_owner_ids = self.env["res.partner"].union(*owners.values())
            tenants = units._get_occupants(today)
            transfer.has_tenants = any(
                tenants.get(unit) != owners.get(unit) for unit in tenants
            )

    @api.depends("unit_id")
    def _compute_kind(self):
        for transfer in self:
            transfer.kind = "sale" if transfer.unit_id.owner_ids else "developer"

    @api.depends("unit_ids")
    def _compute_stamp(self):
        for transfer in self:
            transfer.stamp = transfer.unit_ids._get_ownership_stamp()

    @api.depends("owner_ids.share")
    def _compute_total_share(self):
        for transfer in self:
            transfer.total_share = sum(transfer.owner_ids.mapped("share"))

    @api.depends("unit_ids", "date")
    def _compute_item_ids(self):
        for transfer in self:
            items = []
            if transfer.date and transfer.unit_ids:
                units = transfer.unit_ids._origin
                items = units._transfer_open_items(transfer.date)
            transfer.item_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            name: item.get(name)
                            for name in (
                                "model",
                                "label",
                                "count",
                                "blocking",
                                "action",
                            )
                        }
                    )
                    for item in items
                ),
            ]

    @api.depends("item_ids.blocking")
    def _compute_is_blocked(self):
        for transfer in self:
            transfer.is_blocked = any(transfer.item_ids.mapped("blocking"))

    @api.onchange("owner_ids")
    def _onchange_owner_ids(self):
        """Propose for a new owner what the others leave over."""
        for owner in self.owner_ids.filtered(lambda owner: not owner.share):
            taken = sum((self.owner_ids - owner).mapped("share"))
            owner.share = max(0.0, 100.0 - taken)

    # === ACTIONS === #

    def action_confirm(self):
        """Record the change of owners."""
        self.ensure_one()
        units = self.unit_ids
        if not units:
            raise UserError(self.env._("Tick at least one unit."))
        if units - self.household_ids:
            raise UserError(
                self.env._("Only units of one household are transferred together.")
            )
        self._check_owners()
        blocking = [
            item["label"]
            for item in units._transfer_open_items(self.date)
            if item["blocking"]
        ]
        if blocking:
            raise UserError(
                self.env._(
                    "The transfer has to wait for: %(items)s.",
                    items="; ".join(blocking),
                )
            )
        units._transfer(
            self.date,
            self.kind,
            [
                {
                    "partner_id": owner.partner_id.id,
                    "share": owner.share,
                    "is_resident": owner.is_resident,
                }
                for owner in self.owner_ids
            ],
            keep_tenants=self.keep_tenants,
            keep_others=self.keep_others,
            stamp=self.stamp or "",
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_owners(self):
        if not self.owner_ids:
            raise UserError(self.env._("Enter at least one new owner."))
        if len(self.owner_ids.partner_id) < len(self.owner_ids):
            raise UserError(self.env._("A new owner is entered twice."))
        if any(owner.share <= 0 for owner in self.owner_ids):
            raise UserError(self.env._("Enter the share of each new owner."))
        if self.total_share > 100.0005:
            raise UserError(
                self.env._(
                    "The shares of the new owners add up to %(total)s percent.",
                    total=f"{self.total_share:g}",
                )
            )
