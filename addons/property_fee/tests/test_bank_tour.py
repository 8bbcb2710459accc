from odoo.tests import HttpCase, tagged

from .test_bank_import import BankFileCase


@tagged("post_install", "-at_install")
class TestBankTour(BankFileCase, HttpCase):
    """A doubtful line is settled with one click."""

    def test_choices(self):
        for home in self.homes[2:4]:
            self._occupy(home, self.env["res.partner"].create({"name": "赵小明"}))
        job = self._job([self._line("", 88, "赵小明")]).sudo()
        # As the background does it, which the browser's server keeps from committing here.
        sheet = job._read_sheet()
        job._process_chunk(sheet, sheet.rows, job._prepare_worker())
        self.assertEqual(job.waiting_count, 1)
        self.start_tour(
            "/odoo/property-bank-lines",
            "property_bank_choices",
            login="property_accountant",
        )
        self.env.invalidate_all()
        self.assertEqual(job.line_ids.state, "settled")
        self.assertEqual(job.line_ids.unit_id, self.homes[3])
