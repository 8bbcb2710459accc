from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.dunning import find_threat, placeholders

# How a household is reminded. What may not be done to collect fees - cutting water,
# electricity, heating, gas or the way home (Civil Code, article 944) - is not in the list.
CHANNELS = [
    ("sms", "Text Message"),
    ("email", "E-Mail"),
    ("phone", "Phone Call"),
    ("visit", "Visit"),
    ("notice", "Notice"),
    ("letter", "Letter"),
    ("lawyer", "Lawyer's Letter"),
    ("suit", "Suit"),
]
PAPER = ("notice", "letter", "lawyer")
QUEUED = ("sms", "email")
ROLES = [
    ("frontdesk", "Front Desk"),
    ("cashier", "Cashier"),
    ("accountant", "Fee Accountant"),
    ("manager", "Community Manager"),
]
PLACEHOLDERS = (
    "debtor",
    "unit",
    "community",
    "company",
    "amount",
    "periods",
    "months",
    "days",
    "date",
    "deadline",
    "phone",
)


class PropertyDunningLevel(models.Model):
    _name = "property.dunning.level"
    _description = "Reminder Level"
    _order = "policy_id, sequence, days_overdue, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean(string="Folded in Kanban")
    policy_id = fields.Many2one(
        "property.dunning.policy", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    # When
    days_overdue = fields.Integer(
        required=True,
        default=15,
        help="Days that the oldest open bill must be past its due date.",
    )
    months_owed = fields.Integer(
        string="Or Months Owed",
        help="So many months with an open bill are enough, too; 0 leaves it to the days.",
    )
    min_amount = fields.Float(
        string="From Amount",
        digits="Account",
        help="Households that owe less are left alone.",
    )
    interval_days = fields.Integer(
        string="Not Again Within",
        required=True,
        default=30,
        help="Days within which nobody gets a second reminder of this level.",
    )
    grace_days = fields.Integer(
        string="Days to Pay",
        default=7,
        help="The deadline that the text gives, counted from the reminder.",
    )

    # How
    channel = fields.Selection(
        CHANNELS,
        required=True,
        default="notice",
        help="Cutting water, electricity, heating, gas or access is no way to collect fees"
        " (Civil Code of the People's Republic of China, article 944).",
    )
    mode = fields.Selection(
        [("auto", "Automatic"), ("task", "Task")],
        string="Carried Out",
        required=True,
        compute="_compute_mode",
        store=True,
        readonly=False,
        precompute=True,
        help="Automatic: a message goes out by itself, a letter is ready for printing.\n"
        "Task: somebody of a role gets an activity on the case.",
    )
    role = fields.Selection(
        ROLES, default="frontdesk", help="Who gets the tasks, within his communities."
    )
    subject = fields.Char(translate=True, help="Title of the letter or e-mail.")
    text = fields.Html(
        translate=True,
        help="What the letter or e-mail says below the list of open bills. Names in braces"
        " are filled in: {debtor} {unit} {community} {company} {amount} {periods} {months}"
        " {days} {date} {deadline} {phone}.",
    )
    short_text = fields.Text(
        translate=True,
        help="What the text message says, or what to say on the phone and at the door. The"
        " same names in braces are filled in.",
    )

    _days_positive = models.Constraint(
        "CHECK(days_overdue >= 0 AND months_owed >= 0 AND grace_days >= 0)",
        "Days and months cannot be negative.",
    )
    _interval_positive = models.Constraint(
        "CHECK(interval_days > 0)",
        "There must be at least one day between two reminders of a level.",
    )

    @api.depends("channel")
    def _compute_mode(self):
        for level in self:
            level.mode = "auto" if level.channel in PAPER + QUEUED else "task"

    @api.constrains("channel", "mode")
    def _check_mode(self):
        for level in self:
            if level.mode == "auto" and level.channel not in PAPER + QUEUED:
                raise ValidationError(
                    self.env._(
                        "Level %(level)s: a call, a visit or a suit does not happen by"
                        " itself. Make it a task.",
                        level=level.name,
                    )
                )

    @api.constrains("name", "subject", "text", "short_text")
    def _check_texts(self):
        for level in self:
            for name in ("name", "subject", "text", "short_text"):
                label = self._fields[name].get_description(self.env, ["string"])[
                    "string"
                ]
                self._check_lawful(level.name, label, level[name])
                unknown = set(placeholders(level[name])) - set(PLACEHOLDERS)
                if unknown:
                    raise ValidationError(
                        self.env._(
                            "Level %(level)s, %(field)s: {%(name)s} is not known. Use one"
                            " of %(known)s.",
                            level=level.name,
                            field=label,
                            name=sorted(unknown)[0],
                            known=" ".join(f"{{{known}}}" for known in PLACEHOLDERS),
                        )
                    )

    @api.model
    def _check_lawful(self, title, label, text):
        """Refuse a text that threatens to cut supplies or access.

        :raises ValidationError: it does (Civil Code, article 944)
        """
        if threat := find_threat(text):
            raise ValidationError(
                self.env._(
                    '%(level)s, %(field)s: "%(threat)s" threatens what is forbidden. Nobody'
                    " may cut water, electricity, heating, gas or access to collect fees"
                    " (Civil Code of the People's Republic of China, article 944).",
                    level=title,
                    field=label,
                    threat=threat,
                )
            )

    @api.model
    def _adopt_orphans(self):
        """Put levels that are of no policy, from before there were any, into the first one."""
        levels = self.with_context(active_test=False).search(
            [("policy_id", "=", False)]
        )
        policy = self.env["property.dunning.policy"].search([], limit=1)
        if levels and policy:
            levels.policy_id = policy
