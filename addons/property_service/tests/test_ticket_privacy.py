from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PropertyServiceCase

NUMBER, MASK = "13800000001", "138****0001"


@tagged("post_install", "-at_install")
class TestTicketPrivacy(PropertyServiceCase):
    """The caller's number on a ticket is masked as it is on the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.zhang.partner_id.id)

    def _phone(self, user, ticket=None):
        ticket = (ticket or self.ticket).with_user(user)
        [values] = ticket.web_read({"phone": {}})
        self.assertEqual(ticket.read(["phone"])[0]["phone"], values["phone"])
        return values["phone"]

    def test_masked_for_the_staff(self):
        for user in (self.user, self.frontdesk, self.engineer, self.manager):
            self.assertEqual(self._phone(user), MASK, user.login)
        # what code reads is the number: a text message has to arrive
        self.assertEqual(self.ticket.with_user(self.frontdesk).phone, NUMBER)

    def test_the_group_confidential_data_sees_it(self):
        self.manager.group_ids += self.env.ref(
            "property_base.group_property_confidential"
        )
        self.assertEqual(self._phone(self.manager), NUMBER)

    def test_who_is_assigned_has_to_call(self):
        self.ticket.user_id = self.engineer
        self.assertEqual(self._phone(self.engineer), NUMBER)
        self.assertEqual(self._phone(self.security), MASK)
        self.ticket.write({"state": "cancelled", "close_reason": "Reported twice"})
        self.assertEqual(self._phone(self.engineer), MASK)

    def test_the_caller_sees_his_own(self):
        self.assertEqual(self._phone(self.zhang), NUMBER)
        self.assertEqual(self._phone(self.li), MASK)

    def test_another_number_of_his_is_masked_too(self):
        self.ticket.phone = "13911112222"
        self.assertEqual(self._phone(self.frontdesk), "139****2222")

    def test_a_stranger_who_calls_is_nobody_of_the_estate(self):
        passer_by = self.env["res.partner"].create(
            {"name": "Passer-by", "phone": "13700003333"}
        )
        ticket = self._create_ticket(partner_id=passer_by.id)
        self.assertEqual(self._phone(self.frontdesk, ticket), "13700003333")

    def test_not_in_an_export(self):
        self.frontdesk.group_ids += self.env.ref("base.group_allow_export")
        exported = self.ticket.with_user(self.frontdesk).export_data(["phone"])
        self.assertEqual(exported["datas"], [[MASK]])

    def test_a_mask_that_comes_back_changes_nothing(self):
        ticket = self.ticket.with_user(self.frontdesk)
        ticket.write({"phone": MASK, "subject": "Both taps drip"})
        self.assertEqual(self.ticket.phone, NUMBER)
        with self.assertRaisesRegex(UserError, "masked number"):
            ticket.write({"phone": "139****9999"})
        with self.assertRaisesRegex(UserError, "masked number"):
            self._create_ticket(
                partner_id=self.zhang.partner_id.id, phone="139****9999"
            )

    def test_the_form_keeps_the_number_of_the_caller(self):
        with Form(self.env["property.ticket"].with_user(self.frontdesk)) as form:
            form.unit_id = self.neighbour_unit
            form.subject = "No light"
            form.category_id = self.problem
            self.assertEqual(form.phone, MASK)
        self.assertEqual(form.record.phone, NUMBER)
        with Form(self.ticket.with_user(self.frontdesk)) as form:
            form.phone = "13911112222"
        self.assertEqual(self.ticket.phone, "13911112222")

    def test_shown_on_stating_a_reason_and_logged(self):
        self.ticket.phone = "13911112222"
        action = self.ticket.with_user(self.frontdesk).action_reveal_phone()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.frontdesk)
            .with_context(**action["context"])
            .create({"reason": "call"})
        )
        self.assertFalse(wizard.ticket_phone)
        wizard.action_show()
        self.assertEqual(wizard.ticket_phone, "13911112222")
        log = self.env["property.disclosure.log"].search(
            [("partner_id", "=", self.zhang.partner_id.id)], limit=1
        )
        self.assertEqual(log.user_id, self.frontdesk)
        self.assertEqual(log.unit_id, self.unit)

    def test_not_shown_on_account_of_another_ticket(self):
        other = self._create_ticket(partner_id=self.wang.partner_id.id)
        action = self.ticket.with_user(self.frontdesk).action_reveal_phone()
        wizard = (
            self.env["property.disclosure"]
            .with_user(self.frontdesk)
            .with_context(**action["context"])
            .create({"reason": "call", "ticket_id": other.id})
        )
        wizard.action_show()
        self.assertFalse(wizard.ticket_phone)
