from lxml import etree
from odoo import api, models


class PropertyApprovalForm(models.AbstractModel):
    """What the views of every document with an approval have in common."""

    _inherit = "property.approval.mixin"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Add the approval to forms and searches, from `approval_view_fragments`."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            self._approval_extend_form(arch)
        elif view_type == "search":
            fragments = self._approval_fragments()
            for node in fragments.find("search"):
                arch.append(node)
        return arch, view

    @api.model
    def _approval_fragments(self):
        # Views are not readable by users; these are the same for everybody.
        view = self.env.ref("property_base.approval_view_fragments").sudo()
        return etree.fromstring(view.arch)

    @api.model
    def _approval_extend_form(self, arch):
        fragments = self._approval_fragments()
        header = arch.find("header")
        if header is None:
            header = etree.Element("header")
            arch.insert(0, header)
        for position, node in enumerate(list(fragments.find("header"))):
            header.insert(position, node)
        sheet = arch.find("sheet")
        place = arch if sheet is None else sheet
        place.insert(1 if sheet is None else 0, fragments.find("div"))
        notebook = arch.find(".//notebook")
        if notebook is None:
            notebook = etree.SubElement(place, "notebook")
        notebook.append(fragments.find("page"))
        locked = self._approval_get_locked_fields()
        for node in arch.xpath("//field[not(ancestor::field)]"):
            if node.get("name") in locked:
                condition = node.get("readonly")
                outside_draft = "approval_state != 'draft'"
                node.set(
                    "readonly",
                    f"({condition}) or {outside_draft}" if condition else outside_draft,
                )
