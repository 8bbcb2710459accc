import logging
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ..builder import BillBatch, find_followers, find_registry_obstacle

_logger = logging.getLogger(__name__)


class PropertyBillBuilder(models.AbstractModel):
    _name = "property.bill.builder"
    _description = "Bill Builder"

    @api.model
    def _create_posted(self, vals_list):
        """Create customer invoices and post them, as `create` and `_post` would.

        What it knows to come out the same, it inserts as rows at once; the rest goes
        Odoo's own way.

        :param list vals_list: values as for `create` of account.move
        :return: account.move, posted, in the order of the values
        """
        move = self.env["account.move"]
        if not self._may_post():
            raise AccessError(
                self.env._("You don't have the access rights to post an invoice.")
            )
        batch = BillBatch(self.env)
        bills = [] if self._get_registry_obstacle() else batch.sort_out(vals_list)
        known = {bill.index for bill in bills}
        others = [index for index in range(len(vals_list)) if index not in known]
        ids = {}
        if others:
            _logger.info(
                "%s of %s bills go Odoo's own way: %s",
                len(others),
                len(vals_list),
                self._get_registry_obstacle() or set(batch.obstacles.values()),
            )
            created = move.create([vals_list[index] for index in others])
            created._post(soft=False)
            ids.update(zip(others, created.ids, strict=True))
        if bills:
            self.env.flush_all()
            stored = batch.store(bills)
            ids.update(stored)
            self._after_insert(move.browse(stored.values()), batch, bills)
        return move.browse(ids[index] for index in range(len(vals_list)))

    @api.model
    def _may_post(self):
        """Return whether the user may post invoices at all."""
        move = self.env["account.move"]
        return self.env.su or (
            self.env.user.has_group("account.group_account_invoice")
            and move.has_access("create")
            and move.has_access("write")
        )

    @api.model
    @ormcache()
    def _get_registry_obstacle(self):
        """Return why nothing can be built in this database, None when bills can."""
        return find_registry_obstacle(self.env)

    @api.model
    def _after_insert(self, moves, batch, bills):
        """Do what follows from invoices that were inserted rather than created."""
        # Whatever was read before knows nothing of the new rows.
        self.env.invalidate_all(flush=False)
        self._notify(moves)
        self._notify(moves.line_ids)
        moves.check_access("create")
        by_count = defaultdict(self.env["res.partner"].browse)
        for partner_id, count in batch.count_by_payer(bills).items():
            by_count[count] += self.env["res.partner"].browse(partner_id)
        for count, partners in by_count.items():
            partners._increase_rank("customer_rank", count)
        moves._on_posted()

    @api.model
    @ormcache("name")
    def _get_followers(self, name):
        """Return what has to be computed after rows of a model, see `find_followers`."""
        return find_followers(self.env, name)

    @api.model
    def _notify(self, records):
        """Let what depends on new rows be computed, but not what the rows hold."""
        own, triggers = self._get_followers(records._name)
        for name in own:
            self.env.add_to_compute(records._fields[name], records)
        if triggers:
            held = [field for field in records._fields.values() if field.compute]
            with self.env.protecting(held, records):
                records.modified(triggers, create=True)
