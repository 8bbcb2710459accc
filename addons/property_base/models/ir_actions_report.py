from odoo import models
from odoo.tools.pdf import PdfFileReader

HANDBOOK = "property_base.report_procedure_handbook"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print the procedure handbook twice: the first time tells the pages of the contents."""
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        if (
            self._get_report(report_ref).report_name != HANDBOOK
            or len(res_ids or []) < 2
        ):
            return streams
        first = next(entry["stream"] for entry in streams.values() if entry["stream"])
        procedures = self.env["property.procedure"].browse(res_ids)
        laid_down = procedures.filtered("version_id")
        pages = self._property_heading_pages(first)
        numbers = dict(zip(laid_down.ids, pages, strict=False))
        # One heading more: the appendix with all that is not laid down yet.
        for appendix in pages[len(laid_down) : len(laid_down) + 1]:
            numbers.update(dict.fromkeys((procedures - laid_down).ids, appendix))
        return super()._render_qweb_pdf_prepare_streams(
            report_ref, {**(data or {}), "pages": numbers}, res_ids
        )

    def _property_heading_pages(self, stream):
        """Return the page number, from 1, of each top heading of a PDF, in its order.

        :param stream: the PDF as a binary stream
        :return: list; empty when the PDF has no bookmarks
        """
        root = PdfFileReader(stream, strict=False).trailer["/Root"]
        node = root.get("/Outlines", {}).get("/First")
        pages = []
        while node:
            pages.append(root["/Dests"][node["/Dest"]][0] + 1)
            node = node.get("/Next")
        return pages
