from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.property_base.models import bulk_insert

from ..models import (
    property_dunning_case_amounts,
    property_dunning_letter_write,
    property_dunning_run_work,
)
from .dunning_common import DUE, DunningCase

DAY_20 = DUE + timedelta(days=20)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-05")
class TestDunningRun(DunningCase):
    def _create_dunning(self, day=DAY_20, user="accountant", **values):
        return (
            self.env["property.dunning.run"]
            .with_user(self.users[user])
            .create({"date": day, "community_ids": self.community.ids, **values})
        )

    def _start(self, run):
        with self.enter_registry_test_mode():
            run.action_start()
            self.env.ref("property_fee.ir_cron_dunning_run").method_direct_trigger()
        self.env.invalidate_all()

    def test_preview_and_start(self):
        run = self._create_dunning(user="cashier")
        run.action_preview()
        self.assertRecordValues(
            run.line_ids,
            [
                {
                    "unit_id": home.id,
                    "level_id": self.level.id,
                    "channel": "notice",
                    "days": 20,
                    "months": 1,
                    "amount": 223.75,
                    "status": "todo",
                }
                for home in self.homes[:2]
            ],
        )
        self.assertFalse(run.letter_ids)
        self._start(run)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.line_ids.mapped("status"), ["sent", "sent"])
        self.assertEqual(run.sent_count, 2)
        self.assertEqual(run.amount, 447.5)
        self.assertEqual(run.line_ids.letter_id, run.letter_ids)
        with self.assertRaises(UserError):
            run.date = date(2026, 12, 1)
        with self.assertRaises(UserError):
            run.sudo().unlink()

    def test_second_run_reminds_nobody_again(self):
        self._start(self._create_dunning())
        run = self._create_dunning()
        self._start(run)
        self.assertEqual(run.line_ids.mapped("status"), ["skipped", "skipped"])
        self.assertIn("Reminded on", run.line_ids[0].reason)
        self.assertFalse(run.letter_ids)

    def test_paid_after_the_preview(self):
        run = self._create_dunning()
        run.action_preview()
        run.action_start()
        self._register_payment(self._bill(self.home))
        with self.enter_registry_test_mode():
            self.env.ref("property_fee.ir_cron_dunning_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.line_ids.mapped("status"), ["skipped", "sent"])
        self.assertEqual(run.letter_ids.unit_id, self.neighbour_home)

    def test_reasons(self):
        self.env["property.dunning.case"]._sync(self.community, DAY_20)
        self._case()._start_hold("Leak")
        self.env["property.dunning.promise"].create(
            {
                "case_id": self._case(self.neighbour_home, self.neighbour).id,
                "amount": 100,
                "date": "2026-11-30",
            }
        )
        run = self._create_dunning()
        run.action_preview()
        self.assertEqual(run.line_ids.mapped("status"), ["skipped", "skipped"])
        held, promised = run.line_ids.mapped("reason")
        self.assertEqual(held, "On hold: Leak")
        self.assertIn("Promised to pay until", promised)

    def test_only_some_levels(self):
        run = self._create_dunning(level_ids=self.second.ids)
        run.action_preview()
        self.assertFalse(run.line_ids)

    def test_quiet_days(self):
        self.policy.quiet_days = True
        run = self._create_dunning(day=date(2026, 11, 7))  # a Saturday
        self.assertIn("quiet day", run.quiet_warning)
        with self.assertRaises(UserError):
            run.action_start()
        run.date = date(2026, 11, 6)
        self.assertFalse(run.quiet_warning)
        self.env["property.quiet.day"].create(
            {"name": "Temple fair", "date_from": date(2026, 11, 6)}
        )
        run.invalidate_recordset()
        self.assertTrue(run.quiet_warning)

    def test_runs_by_itself(self):
        Run = self.env["property.dunning.run"]
        ours = [("community_ids", "in", self.community.ids)]
        self.policy.write({"quiet_days": True, "auto_run": True})
        with freeze_time("2026-11-07"):
            Run._cron_start_runs()
        self.assertFalse(Run.search(ours))
        with freeze_time("2026-11-09"):
            Run._cron_start_runs()
            Run._cron_start_runs()
        self.assertEqual(Run.search(ours).mapped("state"), ["queued"])

    def test_more_than_one_chunk(self):
        homes = self._create_homes(5)
        self._assign(homes)
        self._run()
        run = self._create_dunning()
        with patch.object(self.registry["property.dunning.run"], "_run_chunk", 3):
            self._start(run)
        self.assertEqual(run.sent_count, 7)
        self.assertEqual(len(run.letter_ids), 7)

    def test_one_bad_household_does_not_stop_the_others(self):
        Letter = type(self.env["property.dunning.letter"])
        original = Letter._prepare_letter

        def broken(letters, case, verdict, bills, date, run):
            if case.unit_id == self.home:
                raise ValueError("broken")
            return original(letters, case, verdict, bills, date, run)

        run = self._create_dunning()
        with (
            patch.object(Letter, "_prepare_letter", broken),
            mute_logger(
                "odoo.addons.property_fee.models.property_background_run_mixin"
            ),
        ):
            self._start(run)
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.line_ids.mapped("status"), ["failed", "sent"])
        self.assertIn("broken", run.line_ids[0].reason)
        run.action_retry_failed()
        with self.enter_registry_test_mode():
            self.env.ref("property_fee.ir_cron_dunning_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(run.letter_ids), 2)

    def test_killed_run_goes_on(self):
        """What a lost chunk would have sent is sent by the next, once."""
        self._create_homes(2)
        run = self._create_dunning().sudo()
        run._prepare_rows()
        run.state = "queued"
        with self.assertRaises(KeyboardInterrupt), self.cr.savepoint():
            run._process_chunk()
            raise KeyboardInterrupt
        self.env.invalidate_all()
        self.assertFalse(run.letter_ids)
        self.assertEqual(run.todo_count, 2)
        run._process_all()
        self.assertEqual(len(run.letter_ids), 2)

    def test_delivery_order(self):
        homes = self._create_homes(2, prefix="2")
        homes[0].floor, homes[1].floor = 3, 2
        self.homes[:1].floor = 5
        self._assign(homes)
        self._run()
        run = self._create_dunning()
        self._start(run)
        units = [letter.unit_id for letter in run._get_delivery_list()]
        without, with_entrance = units[:2], units[2:]
        self.assertEqual(without, [homes[1], homes[0]])
        self.assertEqual(with_entrance, [self.neighbour_home, self.home])
        action = run.action_print_letters()
        self.assertEqual(
            len(run.letter_ids.filtered(lambda one: one.state == "printed")), 4
        )
        self.assertEqual(action["report_name"], "property_fee.report_dunning_letter")
        self.assertTrue(run.action_print_list())
        run.action_deliver_letters()
        self.assertEqual(set(run.letter_ids.mapped("state")), {"sent"})

    def test_tasks(self):
        self.level.write({"channel": "phone", "mode": "task", "role": "frontdesk"})
        self.level.short_text = "Ask {debtor} for {amount}"
        user = self.users["frontdesk"]
        user.property_community_ids = self.community
        run = self._create_dunning()
        self._start(run)
        letter = run.letter_ids[0]
        self.assertEqual(letter.activity_ids.user_id, user)
        self.assertIn("Ask 张三 for 223.75", letter.activity_ids.note)
        self.env["property.dunning.contact"].with_user(user).create(
            {"case_id": letter.case_id.id, "letter_id": letter.id, "channel": "phone"}
        )
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.delivery_way, "talk")
        self.assertFalse(letter.activity_ids)

    def test_text_messages_for_a_gateway(self):
        self.level.write({"channel": "sms", "mode": "auto"})
        self.level.short_text = "{unit}: {amount}"
        self.neighbour.phone = False
        run = self._create_dunning()
        self._start(run)
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.letter_ids.mapped("state"), ["queued", "failed"])
        self.assertIn("phone", run.line_ids[1].reason)
        with self.assertRaises(AccessError):
            run.action_export_messages()
        self.users["accountant"].group_ids |= self.env.ref(
            "property_base.group_property_confidential"
        ) | self.env.ref("base.group_allow_export")
        run.action_export_messages()
        self.assertTrue(run.messages_file)
        self._register_payment(self._bill(self.home))
        with self.assertRaises(UserError):
            run.action_export_messages()

    def test_text_messages_by_odoo(self):
        self.level.write({"channel": "sms", "mode": "auto"})
        self.level.short_text = "{unit}: {amount}"
        self.policy.sms_gateway = "odoo"
        run = self._create_dunning()
        self._start(run)
        if "sms.sms" not in self.env:
            self.assertEqual(run.state, "failed")
            self.assertIn("not installed", run.line_ids[0].reason)
            return
        # They wait, and are handed over after a last look; see the tests of sending.
        self.assertEqual(set(run.letter_ids.mapped("state")), {"queued"})
        self.assertIn("1-1-101: 223.75", run.letter_ids.mapped("short_text"))

    # === ROWS THAT ARE NOT CREATED ONE BY ONE === #

    def _read_rows(self, run):
        """Return the columns of what a run has made, but for what tells twins apart."""
        letters, cases = run.letter_ids, run.line_ids.case_id
        self.env.flush_all()
        result = {}
        for records in (cases, letters, letters.line_ids, run.line_ids):
            self.cr.execute(
                SQL(
                    "SELECT to_jsonb(t) FROM %s t WHERE id = ANY(%s) ORDER BY id",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )
            own = {"id", "run_id", "case_id", "letter_id", "create_date", "write_date"}
            result[records._name] = [
                {name: value for name, value in row.items() if name not in own}
                for (row,) in self.cr.fetchall()
            ]
        return result

    def test_rows_are_those_of_create(self):
        """All rows that a run inserts are, column by column, those that create makes."""
        self.level.write({"subject": "{unit}", "short_text": "{amount} {deadline}"})
        self._assign(self._create_homes(3))
        self._run()
        self._register_payment(self._bill(self.home), amount=100.01)
        found = []
        for day in (DAY_20, date(2026, 12, 31)):
            for insert in (
                bulk_insert.create_plain,
                lambda new, vals: new.create(vals),
            ):
                with (
                    patch.object(property_dunning_case_amounts, "create_plain", insert),
                    patch.object(property_dunning_letter_write, "create_plain", insert),
                    patch.object(property_dunning_run_work, "create_plain", insert),
                    self.cr.savepoint() as savepoint,
                ):
                    run = self._create_dunning(day=day)
                    self._start(run)
                    found.append(self._read_rows(run))
                    savepoint.rollback()
                self.env.invalidate_all()
            plain, created = found[-2:]
            self.assertEqual(
                {name: len(rows) for name, rows in plain.items()},
                {
                    "property.dunning.case": 5,
                    "property.dunning.letter": 5,
                    "property.dunning.letter.line": 5,
                    "property.dunning.run.line": 5,
                },
            )
            self.assertEqual(plain, created)

    def test_front_desk_starts_no_run(self):
        with self.assertRaises(AccessError):
            self._create_dunning(user="frontdesk")

    def test_queries_do_not_grow(self):
        Letter = self.env["property.dunning.letter"]
        few, many = (
            self._create_homes(4, prefix="8"),
            self._create_homes(40, prefix="9"),
        )
        self._assign(few + many)
        self._run()
        self._sync()
        counts = []
        for units in (few, few, many):
            cases = self.env["property.dunning.case"].search(
                [("unit_id", "in", units.ids)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            verdicts = Letter._judge(cases, DAY_20)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(verdicts), len(units))
            self.assertTrue(all(verdict.level for verdict in verdicts.values()))
        self.assertEqual(counts[1], counts[2])

    def test_queries_of_reminders_do_not_grow(self):
        Letter = self.env["property.dunning.letter"]
        parts = [
            self._create_homes(count, prefix=prefix)
            for count, prefix in ((4, "7"), (4, "8"), (40, "9"))
        ]
        self._assign(parts[0] + parts[1] + parts[2])
        self._run()
        counts = []
        for units in parts:
            cases = self._sync().filtered(lambda case, own=units: case.unit_id in own)
            verdicts = Letter._judge(cases, DAY_20)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            letters = Letter._write_reminders(verdicts, DAY_20)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(letters), len(units))
        self.assertEqual(counts[1], counts[2])
