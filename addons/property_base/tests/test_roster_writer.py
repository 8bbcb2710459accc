from datetime import date

from odoo.tests import tagged

from ..models.roster_writer import RosterWriter
from ..tools import roster
from .common import PropertyCase


@tagged("post_install", "-at_install")
class TestRosterWriter(PropertyCase):
    def _write(self, *cells):
        rows = [
            roster.read_row(
                number, {"building": 2, "entrance": 1, "unit_type": "住宅", **row}
            )
            for number, row in enumerate(cells, 2)
        ]
        writer = RosterWriter(self.community, self.today)
        return [
            (outcome, unit, [problem.code for problem in row.problems])
            for row, outcome, unit in writer.write_rows(rows)
        ]

    def test_a_home_with_two_owners_and_a_tenant(self):
        [(outcome, unit, _problems)] = self._write(
            {
                "room": 502,
                "gross_area": "89.5㎡",
                "owner": "朱娟秀、赵强子",
                "share": "各50%",
                "phone": "13476005461/15892618703",
                "identity_number": "990000197407160420",
                "handover_date": "2022年4月21日",
                "status": "已出租",
                "tenant": "姜艳",
                "tenant_phone": "18822647373",
            }
        )
        self.assertEqual((outcome, unit.code), ("created", "2-1-502"))
        self.assertRecordValues(
            unit.occupancy_ids.sorted("id"),
            [
                {
                    "role": "owner",
                    "share": 50,
                    "is_resident": False,
                    "date_start": date(2022, 4, 21),
                },
                {
                    "role": "co_owner",
                    "share": 50,
                    "is_resident": False,
                    "date_start": date(2022, 4, 21),
                },
                {
                    "role": "tenant",
                    "share": 0,
                    "is_resident": True,
                    "date_start": date(2022, 4, 21),
                },
            ],
        )
        self.assertRecordValues(
            unit.occupancy_ids.sorted("id").partner_id,
            [
                {
                    "name": "朱娟秀",
                    "phone": "13476005461",
                    "identity_number": "990000197407160420",
                },
                {"name": "赵强子", "phone": "15892618703", "identity_number": False},
                {"name": "姜艳", "phone": "18822647373", "identity_number": False},
            ],
        )

    def test_one_person_with_a_home_and_a_parking_space_stays_one(self):
        person = {
            "owner": "华轩涛",
            "phone": "13671779950",
            "identity_number": "99000019660209970X",
        }
        outcomes = self._write(
            {"room": 101, **person},
            {
                "building": "地库",
                "entrance": 0,
                "room": "P287",
                "unit_type": "车位",
                **person,
            },
        )
        self.assertEqual(
            [unit.code for _outcome, unit, _problems in outcomes], ["2-1-101", "P287"]
        )
        self.assertEqual(len(outcomes[0][1].owner_ids | outcomes[1][1].owner_ids), 1)

    def test_the_same_facts_again_change_nothing(self):
        row = {
            "room": 101,
            "owner": "华轩涛",
            "phone": "13671779950",
            "status": "装修中",
            "note": "=1+1",
        }
        self.assertEqual(self._write(row)[0][0], "created")
        [(outcome, unit, _problems)] = self._write(row)
        self.assertEqual(outcome, "unchanged")
        self.assertEqual((unit.status, unit.note), ("renovating", "=1+1"))

    def test_corrections_are_written(self):
        self._write(
            {"room": 101, "owner": "华轩涛", "phone": "13671779950", "gross_area": 80}
        )
        [(outcome, unit, _problems)] = self._write(
            {
                "room": 101,
                "owner": "华轩涛",
                "phone": "13671779951",
                "gross_area": 89.5,
                "status": "已入住",
            }
        )
        self.assertEqual(outcome, "updated")
        self.assertEqual((unit.gross_area, unit.status), (89.5, "occupied"))
        self.assertEqual(unit.owner_ids.phone, "13671779951")

    def test_a_change_of_owner_is_not_a_correction(self):
        self._write(
            {"room": 101, "owner": "华轩涛", "phone": "13671779950", "gross_area": 80}
        )
        [(outcome, _unit, problems)] = self._write(
            {"room": 101, "owner": "孙勇", "gross_area": 99}
        )
        self.assertEqual((outcome, problems), ("refused", ["owner_differs"]))
        unit = self.community.unit_ids.filtered(lambda unit: unit.code == "2-1-101")
        self.assertEqual((unit.gross_area, unit.owner_ids.name), (80, "华轩涛"))

    def test_an_identity_number_belongs_to_one_person(self):
        number = "99000019660209970X"
        outcomes = self._write(
            {"room": 101, "owner": "华轩涛", "identity_number": number},
            {"room": 102, "owner": "孙勇", "identity_number": number},
        )
        self.assertEqual(
            [outcome for outcome, _unit, _problems in outcomes], ["created", "refused"]
        )
        self.assertEqual(outcomes[1][2], ["identity_taken"])
