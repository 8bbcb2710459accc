from odoo import api, models
from odoo.fields import Domain

MAX_COMMUNITIES = 1000


class PropertyOverviewMixin(models.AbstractModel):
    """The server's half of a landing page: tiles that count, each opens what it counts.

    The page is in static/src/overview. What a module adds to the tiles appears by itself;
    the number of queries depends on the number of tiles only.
    """

    _name = "property.overview.mixin"
    _description = "Overview Page"

    # Whoever may read this model sees the page.
    _overview_model = None

    @api.model
    def get_overview(self, community_id=False):
        """Return what the page shows.

        :param int community_id: only this community; all that the user works in when false
        :return: dict `communities`, `community_id`, and the tiles of each section without
            their actions
        :raises AccessError: for whoever may not see the page
        """
        self._check_overview()
        # A company manages some dozens of them; the page lets the user choose.
        communities = self.env["property.community"].search([], limit=MAX_COMMUNITIES)
        community = communities.filtered(lambda one: one.id == community_id)
        return {
            "communities": [{"id": one.id, "name": one.name} for one in communities],
            "community_id": community.id,
            **{
                section: [self._without_action(tile) for tile in tiles]
                for section, tiles in self._get_sections(community).items()
            },
        }

    @api.model
    def open_tile(self, key, community_id=False):
        """Return the action that lists what a tile counts, false without such a tile.

        :param str key: of the tile
        :param int community_id: as in `get_overview`
        """
        self._check_overview()
        community = self._get_community(community_id)
        for tiles in self._get_sections(community).values():
            for tile in tiles:
                if tile["key"] == key:
                    return self._get_action(*tile["action"], name=tile["label"])
        return False

    @api.model
    def _check_overview(self):
        self.env[self._overview_model].check_access("read")

    @api.model
    def _get_community(self, community_id):
        """Return the community, empty where none is meant or the user may not see it."""
        return self.env["property.community"].search([("id", "=", community_id or 0)])

    @api.model
    def _get_sections(self, community):
        """Return the tiles of the page; modules add theirs.

        :param community: property.community, empty for all
        :return: dict section -> list of dict `key`, `label`, `value` (text), `hint` (text),
            `tone` (Bootstrap colour) and `action` (xml id, domain)
        """
        return {}

    @api.model
    def _without_action(self, tile):
        return {key: value for key, value in tile.items() if key != "action"}

    @api.model
    def _get_action(self, xmlid, domain, name=None):
        """Return a window action narrowed to a domain.

        :param str xmlid: of the action
        :param Domain domain: in addition to that of the action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(domain)
        action["context"] = {"create": False}
        if name:
            action["display_name"] = name
        return action

    @api.model
    def _get_count_tile(
        self, community, key, label, hint, xmlid, domain, path, tone="warning"
    ):
        """Return a tile that counts what waits for somebody.

        One that counts nothing is shown, too: nothing forgotten is worth knowing.

        :param community: property.community, empty for all
        :param str xmlid: of the action; its model is counted
        :param Domain domain: what is counted
        :param str path: from the model to the community
        :param str tone: of a tile that counts something
        :return: dict as in `_get_sections`, with `count`; None for whoever may not read it
        """
        action = self.env.ref(xmlid).sudo()  # only its model is asked for
        model = self.env[action.res_model]
        if not model.has_access("read"):
            return None
        if community:
            # What holds for every community holds for this one.
            domain &= Domain(path, "in", [*community.ids, False])
        count = model.search_count(domain)
        return {
            "key": key,
            "label": label,
            "hint": hint,
            "value": str(count),
            "count": count,
            "tone": tone if count else "success",
            "action": (xmlid, domain),
        }
