import base64
import doctest
import io
from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger
from PIL import Image

from odoo.addons.mail.tests.common import MailCommon
from odoo.addons.property_service.tools import mail as mail_tools
from odoo.addons.property_service.tools import timeline

from .common import PropertyServiceCase

HEAD = "From: {sender}\nTo: {to}\nMessage-Id: <{number}@example.com>\n"
MEGABYTE = 1024 * 1024


@tagged("post_install", "-at_install")
class TestSafeMail(PropertyServiceCase, MailCommon):
    """Whatever comes in by e-mail: no ticket is lost, and none is made by a machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.zhang.partner_id.email = "zhang@example.com"
        cls.community.write(
            {"alias_name": "lake", "alias_domain_id": cls.mail_alias_domain.id}
        )
        cls.address = cls.community.alias_email
        cls.number = 0

    def _receive(self, mail):
        """Take in raw bytes; return the tickets that they made."""
        before = self.env["property.ticket"].search([])
        self.env["mail.thread"].message_process(None, mail)
        return self.env["property.ticket"].search([]) - before

    def _raw(self, rest, sender="zhang@example.com", number=None, to=None):
        type(self).number += 1
        head = HEAD.format(
            sender=sender, to=to or self.address, number=number or f"n{self.number}"
        )
        rest = rest if isinstance(rest, bytes) else rest.encode()
        return head.encode() + rest

    # === LOOPS === #

    def test_machines_make_no_ticket(self):
        for header in (
            "Auto-Submitted: auto-replied",
            "X-Autoreply: yes",
            "X-Autorespond: yes",
            "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-replied",
            "Precedence: auto_reply",
        ):
            mail = self._raw(f"Subject: Away\n{header}\n\nI am on holiday\n")
            self.assertFalse(self._receive(mail), header)

    def test_an_alarm_of_a_machine_is_a_ticket(self):
        mail = self._raw(
            "Subject: Lift 3 stands\nAuto-Submitted: auto-generated\n\nDoor\n",
            sender="lifts@example.com",
        )
        self.assertEqual(self._receive(mail).subject, "Lift 3 stands")

    def test_doctests(self):
        for module in (mail_tools, timeline):
            self.assertFalse(doctest.testmod(module).failed)

    def test_an_out_of_office_answer_asks_nothing(self):
        ticket = self._receive(self._raw("Subject: Tap\n\nDrips\n", number="first"))
        self.assertFalse(ticket.awaits_answer)
        ticket.message_post(
            body="We come", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._receive(
            self._raw(
                "Subject: Away\nIn-Reply-To: <first@example.com>\n"
                "Auto-Submitted: auto-replied\n\nI am on holiday\n"
            )
        )
        self.assertFalse(ticket.awaits_answer)
        self.assertEqual(ticket.state, "new")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_our_own_address_makes_no_ticket(self):
        for sender in (
            self.address,
            f"Lake Garden <{self.address.upper()}>",
            self.mail_alias_domain.catchall_email,
            self.mail_alias_domain.bounce_email,
            f"MAILER-DAEMON@{self.mail_alias_domain.name}",
        ):
            mail = self._raw("Subject: Tap\n\nDrips\n", sender=sender)
            self.assertFalse(self._receive(mail), sender)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_flood_from_one_sender_ends(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 5)
        made = sum(
            len(self._receive(self._raw(f"Subject: Tap {number}\n\nDrips\n")))
            for number in range(12)
        )
        self.assertLessEqual(made, 5)
        self.assertGreaterEqual(made, 4)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_the_same_mail_twice_is_one_message(self):
        mail = self._raw("Subject: Tap\n\nDrips\n", number="same")
        ticket = self._receive(mail)
        self.assertEqual(len(ticket), 1)
        self.assertFalse(self._receive(mail))
        messages = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(len(messages), 1)

    # === MALFORMED === #

    def test_broken_mime(self):
        ticket = self._receive(
            self._raw(
                "Subject: Tap\nMIME-Version: 1.0\n"
                'Content-Type: multipart/mixed; boundary="b"\n\n'
                "--b\nContent-Type: text/plain\n\nDrips\n"
                "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
                'Content-Disposition: attachment; filename="a.png"\n\n'
                "###not base64###\n"
            )
        )
        self.assertEqual(len(ticket), 1)
        self.assertIn("Drips", ticket.description)

    def test_gbk_without_a_word_about_it(self):
        body = "厨房水龙头漏水".encode("gbk")
        ticket = self._receive(
            self._raw(b"Subject: Tap\nContent-Type: text/plain\n\n" + body + b"\n")
        )
        self.assertEqual(ticket.subject, "Tap")
        self.assertEqual(ticket.description, "厨房水龙头漏水")

    def test_gbk_subject_without_a_word_about_it(self):
        subject = "水龙头漏水".encode("gbk")
        ticket = self._receive(self._raw(b"Subject: " + subject + b"\n\nDrips\n"))
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.subject, "水龙头漏水")
        self.assertEqual(ticket.description, "Drips")

    def test_more_than_gb2312(self):
        ticket = self._receive(
            self._raw(
                b"Subject: Tap\nContent-Type: text/plain; charset=gb2312\n\n"
                + "朱镕基漏水".encode("gbk")
                + b"\n"
            )
        )
        self.assertEqual(ticket.description, "朱镕基漏水")

    def test_a_charset_that_does_not_exist(self):
        ticket = self._receive(
            self._raw(
                "Subject: =?x-nowhere?B?VGFw?=\n"
                "Content-Type: text/plain; charset=x-nowhere\n\nDrips\n"
            )
        )
        self.assertEqual(len(ticket), 1)
        self.assertIn("Drips", ticket.description)

    def test_without_a_subject(self):
        for subject in ("", "Subject:\n", "Subject: \t \n"):
            ticket = self._receive(self._raw(f"{subject}\nNoise\nat night\n"))
            self.assertEqual(ticket.subject, "Noise")

    def test_a_very_long_subject(self):
        ticket = self._receive(self._raw(f"Subject: {'x' * 5000}\n\nDrips\n"))
        self.assertEqual(len(ticket.subject), 200)
        self.assertEqual(ticket.description, "Drips")

    def test_without_a_sender(self):
        mail = f"To: {self.address}\nSubject: Tap\nMessage-Id: <no@x>\n\nDrips\n"
        ticket = self._receive(mail.encode())
        self.assertEqual((ticket.subject, ticket.channel), ("Tap", "email"))
        self.assertFalse(ticket.partner_id)

    def test_without_anything(self):
        mail = f"To: {self.address}\n\n"
        self.assertEqual(len(self._receive(mail.encode())), 1)

    def test_nul_and_script(self):
        ticket = self._receive(
            self._raw(
                "Subject: Tap\nContent-Type: text/html\n\n"
                "<p>Drips\x00</p><script>alert(1)</script>"
                '<img src="x" onerror="alert(1)">\n'
            )
        )
        self.assertIn("Drips", ticket.description)
        for message in ticket.message_ids:
            self.assertNotIn("<script", message.body)
            self.assertNotIn("onerror", message.body)

    # === LARGE === #

    def test_a_photo_of_thirty_megabytes_arrives_whole(self):
        photo = b"\x89PNG\r\n\x1a\n" + b"0" * (30 * MEGABYTE)
        mail = EmailMessage()
        mail["From"], mail["To"] = "zhang@example.com", self.address
        mail["Subject"], mail["Message-Id"] = "Tap", "<large@example.com>"
        mail.set_content("Drips")
        mail.add_attachment(photo, maintype="image", subtype="png", filename="tap.png")
        ticket = self._receive(mail.as_bytes())
        [attachment] = ticket.message_ids.attachment_ids
        self.assertEqual(
            (attachment.name, attachment.file_size), ("tap.png", len(photo))
        )
        self.assertEqual(attachment.res_id, ticket.id)

    def test_damaged_pictures_lose_no_mail(self):
        file = io.BytesIO()
        Image.effect_noise((2400, 1800), 50).save(file, "JPEG")
        mail = EmailMessage()
        mail["From"], mail["To"] = "zhang@example.com", self.address
        mail["Subject"], mail["Message-Id"] = "Tap", "<damaged@example.com>"
        mail.set_content("Drips")
        damaged = {
            "cut.jpg": file.getvalue()[:-5000],
            "odd.png": b"\x89PNG\r\n\x1a\n" + b"\x80" * 50,
            "head.png": b"\x89PNG\r\n\x1a\n",
        }
        for name, content in damaged.items():
            mail.add_attachment(
                content, maintype="image", subtype=name[-3:], filename=name
            )
        ticket = self._receive(mail.as_bytes())
        self.assertEqual(ticket.description, "Drips")
        kept = {one.name: one.raw for one in ticket.message_ids.attachment_ids}
        self.assertEqual(set(kept), set(damaged))
        # What is cut off can still be made smaller.
        for name in ("odd.png", "head.png"):
            self.assertEqual(kept[name], damaged[name])

    def test_a_page_as_attachment_is_not_run(self):
        mail = EmailMessage()
        mail["From"], mail["To"] = "zhang@example.com", self.address
        mail["Subject"], mail["Message-Id"] = "Tap", "<page@example.com>"
        mail.set_content("Drips")
        mail.add_attachment(
            b"<script>alert(1)</script>",
            maintype="text",
            subtype="html",
            filename="tap.html",
        )
        ticket = self._receive(mail.as_bytes())
        [attachment] = ticket.message_ids.attachment_ids
        self.assertEqual(attachment.raw, b"<script>alert(1)</script>")
        self.assertFalse(ticket._get_portal_photos())
        self.assertTrue(base64.b64decode(attachment.datas))
