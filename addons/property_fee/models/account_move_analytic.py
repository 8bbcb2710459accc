from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _distribute_to_communities(self):
        """Book what the bills earn on the analytic accounts of their communities.

        Done for all of them at once after posting, so that bills of communities with an
        analytic account are built like any other. What was distributed already stays, and
        what is collected for others is nobody's income.
        """
        by_account = self.filtered("property_community_id.analytic_account_id").grouped(
            lambda move: move.property_community_id.analytic_account_id
        )
        for account, moves in by_account.items():
            moves.invoice_line_ids.filtered(
                lambda line: (
                    line.display_type == "product"
                    and not line.analytic_distribution
                    and not line.property_charge_id.item_id._is_liability()
                )
            ).write({"analytic_distribution": {str(account.id): 100.0}})
