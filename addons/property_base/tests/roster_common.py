import base64

from ..tools import workbook
from .common import PropertyCase


class RosterImportCase(PropertyCase):
    """Makes imports of small sheets and runs them as the scheduled action does."""

    HEADER = ()

    def _job(self, rows, header=None):
        content = workbook.write_workbook(
            [{"name": "台账", "header": list(header or self.HEADER), "rows": rows}]
        )
        return self.env["property.roster.import"].create(
            {
                "community_id": self.community.id,
                "file": base64.b64encode(content),
                "filename": "roster.xlsx",
            }
        )

    def _run_cron(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env["property.roster.import"].with_env(
                self.env(cr=cr, su=True)
            )._cron_process()
