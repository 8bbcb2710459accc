from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyProcedurePinnedMixin(models.AbstractModel):
    """For records that follow a procedure: they keep the version of the day they began.

    ::

        _inherit = ["property.procedure.pinned.mixin"]
        _procedure_code = "SOP-10"

    Which procedure is followed may depend on the record: `_procedure_code_for(vals)`. With
    no version in force the record is made without one.
    """

    _name = "property.procedure.pinned.mixin"
    _description = "Record That Follows a Procedure"

    _procedure_code = None

    procedure_version_id = fields.Many2one(
        "property.procedure.version",
        string="Procedure Followed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The version that was in force when the record was made.",
    )
    procedure_step_ids = fields.One2many(
        related="procedure_version_id.step_ids", string="Steps to Follow"
    )

    @api.model
    def _procedure_code_for(self, vals):
        """Return the code of the procedure that a record with these values follows.

        :param dict vals: values with which it is created
        :return: str or None when it follows none
        """
        return self._procedure_code

    @api.model
    def _procedure_company_for(self, vals):
        """Return the company whose procedures a record with these values follows.

        :rtype: res.company
        """
        if vals.get("company_id"):
            return self.env["res.company"].browse(vals["company_id"])
        if vals.get("community_id"):
            community = self.env["property.community"].browse(vals["community_id"])
            return community.company_id
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        """Pin the version in force; only superuser code may ask for another."""
        wanted = {}
        for index, vals in enumerate(vals_list):
            given = self.env.su and vals.get("procedure_version_id")
            code = None if given else self._procedure_code_for(vals)
            if code:
                company = self._procedure_company_for(vals)
                wanted.setdefault(company, {})[index] = code
        pinned = {}
        for company, codes in wanted.items():
            in_force = self.env["property.procedure"]._in_force(
                set(codes.values()), company
            )
            for index, code in codes.items():
                if code in in_force:
                    pinned[index] = in_force[code].id
        return super().create(
            [
                vals
                if self.env.su and vals.get("procedure_version_id")
                else {**vals, "procedure_version_id": pinned.get(index, False)}
                for index, vals in enumerate(vals_list)
            ]
        )

    def write(self, vals):
        """Keep the version that was pinned."""
        if "procedure_version_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A record keeps the version of the procedure with which it began."
                )
            )
        return super().write(vals)
