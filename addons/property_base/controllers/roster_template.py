from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

from ..models.roster_messages import column_label
from ..tools import roster, workbook

# One line that shows how cells are filled, by column of a roster.
EXAMPLE = {
    "building": "3栋",
    "entrance": "1单元",
    "room": "502",
    "floor": 5,
    "total_floors": 20,
    "has_lift": "有",
    "unit_type": "住宅",
    "gross_area": 89.5,
    "inner_area": 69.81,
    "status": "已入住",
    "owner": "张三、李四",
    "identity_number": "990000197209105980",
    "phone": "13912345678",
    "phone2": "0571-88886666",
    "share": "各50%",
    "handover_date": "2022-06-01",
    "tenant": "",
    "tenant_phone": "",
    "note": "",
}


class RosterTemplate(Controller):
    @route("/property/roster/template", type="http", auth="user", readonly=True)
    def template(self):
        """Send an empty roster: the columns, one example row, and what may be written."""
        env = request.env
        if not env["property.roster.import"].has_access("create"):
            raise AccessError(env._("Importing rosters is for the front desk."))
        columns = list(roster.HEADERS)
        chinese = (env.lang or "").startswith("zh")
        header = [
            roster.HEADERS[column][0] if chinese else roster.HEADERS[column][-1]
            for column in columns
        ]
        hints = [[env._("Unit Type"), name] for name in roster.UNIT_TYPES] + [
            [env._("Status"), name] for name in roster.STATUSES
        ]
        content = workbook.write_workbook(
            [
                {
                    "name": env._("Roster"),
                    "header": header,
                    "rows": [[EXAMPLE[column] for column in columns]],
                },
                {
                    "name": env._("What May Be Written"),
                    "header": [env._("Column"), env._("Value")],
                    "rows": hints,
                },
                {
                    "name": env._("Columns"),
                    "header": [env._("Column"), env._("Also Understood")],
                    "rows": [
                        [column_label(env, column), "、".join(names)]
                        for column, names in roster.HEADERS.items()
                    ],
                    "widths": [18, 60],
                },
            ]
        )
        return request.make_response(
            content,
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                (
                    "Content-Disposition",
                    content_disposition(env._("Roster template.xlsx")),
                ),
            ],
        )
