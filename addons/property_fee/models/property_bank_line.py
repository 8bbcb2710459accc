from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import match_score
from ..tools.settle import fen

SETTLERS = "property_base.group_property_accountant"
OPEN_STATES = ("waiting", "proposed")


class PropertyBankLine(models.Model):
    _name = "property.bank.line"
    _description = "Bank Line"
    _order = "date desc, row desc, id desc"
    _rec_name = "memo"

    import_id = fields.Many2one(
        "property.bank.import",
        string="Bank File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        related="import_id.journal_id", store=True, precompute=True
    )
    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    # What the bank says
    row = fields.Integer(readonly=True, aggregator=None)
    date = fields.Date(readonly=True, index=True)
    time = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    balance = fields.Monetary(readonly=True, aggregator=None)
    payer_name = fields.Char(string="Other Side", readonly=True)
    payer_account = fields.Char(string="Account", readonly=True)
    memo = fields.Char(readonly=True)

    # Whose it is
    state = fields.Selection(
        [
            ("settled", "Settled"),
            ("proposed", "Proposed"),
            ("waiting", "Waiting"),
            ("outgoing", "Outgoing"),
            ("repeated", "Known"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    unit_id = fields.Many2one(
        "property.unit", string="Household", index="btree_not_null", ondelete="restrict"
    )
    community_id = fields.Many2one(related="unit_id.community_id", store=True)
    score = fields.Float(readonly=True, digits=(3, 2), aggregator=None)
    reason = fields.Char(string="Why", readonly=True)
    candidates = fields.Json(readonly=True)
    other_units = fields.Char(string="Also Possible", compute="_compute_other_units")
    choices = fields.Json(
        string="Settle For",
        compute="_compute_other_units",
        help="Households that are possible; a click settles the line for one of them.",
    )
    is_automatic = fields.Boolean(string="By Itself", readonly=True)
    settled_by = fields.Many2one("res.users", readonly=True)

    _todo_idx = models.Index(
        "(company_id, date) WHERE state IN ('waiting', 'proposed')"
    )

    @api.depends("candidates", "state", "unit_id")
    def _compute_other_units(self):
        ids = {row[0] for line in self for row in line.candidates or ()}
        # Others' communities are not offered.
        units = self.env["property.unit"].browse(ids).exists()._filtered_access("read")
        codes = {unit.id: unit.code for unit in units}
        for line in self:
            others = [
                {"id": unit_id, "code": codes[unit_id], "score": score}
                for unit_id, score in line.candidates or ()
                if unit_id in codes and unit_id != line.unit_id.id
            ]
            line.other_units = ", ".join(
                f"{other['code']} ({other['score']:.2f})" for other in others
            )
            line.choices = others if line.state in OPEN_STATES else []

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"unit_id"}:
                raise UserError(
                    self.env._("Only the household of a line can be chosen.")
                )
            if any(line.state not in OPEN_STATES for line in self):
                raise UserError(
                    self.env._("The line is not waiting for a household any more.")
                )
        return super().write(vals)

    # === MATCH === #

    def _match(self, index):
        """Find the household of each incoming line; settle the sure ones.

        The number of queries for finding does not depend on the number of lines.

        :param tools.matching.HouseholdIndex index: the households of the company
        """
        self._note_reconciled()
        lines = self.filtered(lambda line: line.state in OPEN_STATES)
        if not lines:
            return
        company = lines.company_id[:1]
        known = self.env["property.payer.account"]._get_units(
            company, [(line.payer_account, line.payer_name) for line in lines]
        )
        evidence = {
            line: index.find(
                line.memo or "",
                line.payer_name or "",
                known.get((line.payer_account, line.payer_name), ()),
            )
            for line in lines
        }
        units = set().union(*(found.households for found in evidence.values()))
        bills = self.env["property.bank.matching"]._get_open_bills(list(units))
        amounts = {
            unit_id: [fen(bill.amount_residual) for bill in own]
            for unit_id, own in bills.items()
        }
        fees = self._get_fees(evidence, bills)
        for line, found in evidence.items():
            matches = match_score.score(
                found, fen(line.amount), amounts, fees.get(line.date)
            )
            line._note_matches(matches)
            if match_score.is_sure(matches, company.property_match_score):
                # Bills of the household that an earlier line of the chunk paid are gone.
                line._settle_sure()
                amounts.pop(line.unit_id.id, None)

    @api.model
    def _get_fees(self, evidence, bills):
        """Return the late fees that the money of the lines may have paid along.

        :param dict evidence: line -> `tools.matching.Evidence`
        :param dict bills: unit id -> its open bills
        :return: dict day -> dict unit id -> fen of each of its bills
        """
        units = {}
        for line, found in evidence.items():
            units.setdefault(line.date, set()).update(found.households)
        Matching = self.env["property.bank.matching"]
        result = {}
        for day, ids in units.items():
            own = {unit_id: bills[unit_id] for unit_id in ids if unit_id in bills}
            every = self.env["account.move"].union(*own.values())
            if fees := Matching._get_fees_at_payment(every, day):
                result[day] = {
                    unit_id: [fees.get(bill, 0) for bill in mine]
                    for unit_id, mine in own.items()
                }
        return result

    def _note_reconciled(self):
        """Note the lines that somebody reconciled in Odoo's or another module's way."""
        for line in self.filtered(
            lambda line: (
                line.state in OPEN_STATES and line.statement_line_id.is_reconciled
            )
        ):
            entries = line.statement_line_id.line_ids
            units = entries.matched_debit_ids.debit_move_id.move_id.property_unit_id
            line.write(
                {
                    "state": "settled",
                    "unit_id": units.id if len(units) == 1 else False,
                    "reason": self.env._("Reconciled outside this list."),
                }
            )

    def _note_matches(self, matches):
        """Write the best household, its score and why; the next ones for choosing."""
        self.ensure_one()
        best = matches[0] if matches else None
        if not best or best.score < match_score.PROPOSE:
            self.write({"state": "waiting", "score": 0, "reason": False})
            return
        tied = len(matches) > 1 and matches[1].score == best.score
        self.write(
            {
                "state": "waiting" if tied else "proposed",
                "unit_id": False if tied else best.household,
                "score": best.score,
                "reason": self._render_reasons(best),
                "candidates": [[match.household, match.score] for match in matches[:5]],
            }
        )

    def _settle_sure(self):
        try:
            with self.env.cr.savepoint():
                self._settle(is_automatic=True)
        except UserError as error:
            # Somebody is just taking money for the household: a proposal is left.
            self.env.invalidate_all(flush=False)
            self.reason = f"{self.reason}; {error}"

    def _render_reasons(self, match):
        """Return why a household is proposed, in the language of the user."""
        texts = {
            "unit": self.env._("the memo names the unit (%s)"),
            "units": self.env._("the memo names several units (%s)"),
            "among": self.env._("the memo fits several units (%s)"),
            "memo": self.env._("the memo names %s"),
            "payer": self.env._("the payer is %s"),
            "similar": self.env._("the payer is like %s"),
            "namesake": self.env._("others have this name"),
            "memory": self.env._("this payer paid for it before"),
            "all": self.env._("exactly what is open"),
            "some": self.env._("exactly %s of its bills"),
            "late": self.env._("exactly %s of its bills with late fee"),
            "elsewhere": self.env._("the memo names another estate"),
        }
        parts = [
            texts[code] % detail if "%s" in texts[code] else texts[code]
            for code, detail in match.reasons
        ]
        return "; ".join(parts)

    # === SETTLE === #

    def _check_may_settle(self):
        if not self.env.user.has_group(SETTLERS):
            raise AccessError(self.env._("Bank lines are settled by fee accountants."))
        self.check_access("read")
        self.unit_id.check_access("read")

    def _settle(self, is_automatic=False):
        """Let the lines pay their households; with the rights of the system."""
        for line in self:
            line.statement_line_id._settle_household(line.unit_id)
            line.write(
                {
                    "state": "settled",
                    "is_automatic": is_automatic,
                    "settled_by": False if is_automatic else self.env.uid,
                }
            )
        self.env["property.payer.account"]._learn(self)

    def action_settle(self):
        """Let the lines pay the households that are proposed or were chosen.

        :raises UserError: a line has no household
        """
        self._check_may_settle()
        # Rights were checked: what others reconciled meanwhile is only noted.
        self.sudo()._note_reconciled()
        todo = self.filtered(lambda line: line.state in OPEN_STATES)
        if missing := todo.filtered(lambda line: not line.unit_id):
            raise UserError(
                self.env._(
                    "Choose the household of %(memo)s (%(amount)s) first.",
                    memo=missing[0].memo or missing[0].payer_name or missing[0].row,
                    amount=f"{missing[0].amount:.2f}",
                )
            )
        todo.lock_for_update()
        # Rights were checked: the books are kept by the system.
        todo.sudo()._settle()
        return True

    def action_assign(self, unit_id):
        """Let a line pay one of the households that were found possible.

        :param int unit_id: the household
        :raises UserError: it was not found possible
        """
        self.ensure_one()
        self._check_may_settle()
        if unit_id not in {row[0] for row in self.candidates or ()}:
            raise UserError(
                self.env._(
                    "The household is not among those that were found for the line. Choose it"
                    " in the column Household and settle."
                )
            )
        self.unit_id = unit_id
        return self.action_settle()

    def action_match_again(self):
        """Look for the households of lines that wait, with what is known by now."""
        self._check_may_settle()
        for company, lines in self.grouped("company_id").items():
            # As in the background: the index holds every household of the company.
            index = self.env["property.bank.matching"].sudo()._build_index(company)
            lines.sudo()._match(index)  # as there, with the rights of the system
        return True

    def action_undo(self):
        """Take back what a line paid; it waits for a household again."""
        self._check_may_settle()
        settled = self.filtered(lambda line: line.state == "settled")
        # Rights were checked: the books are kept by the system.
        settled.sudo().statement_line_id.action_undo_reconciliation()
        return True

    def _reopen(self):
        """Let lines whose settlement was undone wait again."""
        settled = self.filtered(lambda line: line.state == "settled")
        self.env["property.payer.account"]._forget(settled)
        settled.write({"state": "waiting", "is_automatic": False, "settled_by": False})

    def action_view_statement_line(self):
        """Open the entry of the line."""
        self.ensure_one()
        return self.statement_line_id.move_id._get_records_action()
