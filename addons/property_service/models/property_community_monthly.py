from odoo import api, fields, models


class PropertyCommunity(models.Model):
    """Who gets the monthly service report of a community, and what was sent last."""

    _inherit = "property.community"

    monthly_report_user_ids = fields.Many2many(
        "res.users",
        "property_community_monthly_report_rel",
        string="Monthly Report To",
        domain=[("share", "=", False)],
        help="They get the service report of a month by e-mail on the first day of the next"
        " one. Empty: nobody.",
    )
    monthly_report_sent = fields.Date(
        string="Report Sent For",
        readonly=True,
        copy=False,
        help="First day of the last month whose service report was sent.",
    )

    @api.model
    def _cron_send_monthly_reports(self):
        """Send last month's report of each community, once, one community at a time."""
        month = self.env["property.service.monthly"]._get_last_month()
        waiting = self.search(
            [
                ("monthly_report_user_ids", "!=", False),
                "|",
                ("monthly_report_sent", "=", False),
                ("monthly_report_sent", "<", month),
            ],
            order="id",
        )
        left = len(waiting)
        self.env["ir.cron"]._commit_progress(remaining=left)
        for community in waiting:
            community.try_lock_for_update()._send_monthly_report(month)
            left -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                break

    def _send_monthly_report(self, month):
        """Put the report of a month into the outbox, for those named on the community.

        :param date month: its first day
        """
        for community in self:
            readers = community.monthly_report_user_ids.filtered("active")
            community.monthly_report_sent = month
            if not readers:
                continue
            lang = readers[0].lang or self.env.lang
            wizard = (
                self.env["property.service.monthly"]
                .with_context(lang=lang)
                .with_company(community.company_id)
                .create(
                    {
                        "month": month,
                        "community_ids": community.ids,
                        "company_id": community.company_id.id,
                    }
                )
            )
            self.env["mail.mail"].create(wizard._prepare_monthly_mail(readers))

    def action_send_monthly_report(self):
        """Send last month's report now, also when it has been sent before."""
        month = self.env["property.service.monthly"]._get_last_month()
        self._send_monthly_report(month)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The service report of %(month)s is on its way.",
                    month=f"{month:%Y-%m}",
                ),
            },
        }
