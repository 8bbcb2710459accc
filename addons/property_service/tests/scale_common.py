"""Pages of the desk as the web client asks for them, to count queries and time."""

from lxml import etree

OPEN = [("is_open", "=", True)]
KANBAN_LIMIT = 40
COUNT_LIMIT = 10001  # up to which the web client has records counted


def specify(node, model):
    """Return what the web client reads for a view.

    :param node: root element of the view, or of one inside it
    :param model: empty recordset of its model
    """
    specification = {}
    for element in node.iterdescendants("field"):
        inside = next(element.iterancestors("field"), None)
        if inside is not None and node in inside.iterancestors():
            continue
        field = model._fields[element.get("name")]
        if field.type in ("many2one", "many2many", "one2many"):
            comodel = model.env[field.comodel_name]
            view = element.find("list")
            fields = {"display_name": {}} if view is None else specify(view, comodel)
            specification[field.name] = {"fields": fields}
        else:
            specification[field.name] = {}
    return specification


def view_of(model, kind):
    """Return the specification of the default view of a kind, and its root element."""
    node = etree.fromstring(model.get_view(view_type=kind)["arch"])
    return specify(node, model), node


class Pages:
    """What the desk looks at, each page a method that may be asked again and again.

    :param env: environment of the user who looks
    :param int limit: records on a page of a list
    """

    def __init__(self, env, limit=80):
        self.env = env
        self.limit = limit
        self.tickets = env["property.ticket"]
        self.orders = env["property.work.order"]
        self.list, _node = view_of(self.tickets, "list")
        self.form, _node = view_of(self.tickets, "form")
        self.card, self.kanban = view_of(self.tickets, "kanban")
        self.order_list, _node = view_of(self.orders, "list")
        self.order_card, self.order_kanban = view_of(self.orders, "kanban")

    def search(self, domain, model=None, spec=None, order=None):
        """Open a list.

        :return: number of the records shown
        """
        model = self.tickets if model is None else model
        # Counted also where a page holds all, so that queries can be compared.
        found = model.with_context(force_search_count=True).web_search_read(
            domain,
            spec or self.list,
            limit=self.limit,
            order=order,
            count_limit=COUNT_LIMIT,
        )
        return len(found["records"])

    def group(self, domain, model=None, card=None, node=None):
        """Open a kanban with its columns and bars.

        :return: number of the cards shown
        """
        model = self.tickets if model is None else model
        node = self.kanban if node is None else node
        group_by = node.get("default_group_by")
        bar = node.find("progressbar")
        found = model.web_read_group(
            domain,
            [group_by],
            [],
            order=node.get("default_order"),
            auto_unfold=True,
            unfold_read_specification=self.card if card is None else card,
            unfold_read_default_limit=KANBAN_LIMIT,
        )
        if bar is not None:
            model.read_progress_bar(
                domain,
                group_by,
                {"field": bar.get("field"), "colors": {"emergency": "danger"}},
            )
        return sum(len(group.get("__records", ())) for group in found["groups"])

    def open(self, ticket):
        """Open the form of a ticket with its chatter.

        :return: number of messages
        """
        ticket.web_read(self.form)
        found = self.env["mail.message"]._message_fetch(
            domain=[
                ("model", "=", ticket._name),
                ("res_id", "=", ticket.id),
                ("message_type", "!=", "user_notification"),
            ],
            limit=30,
        )
        messages = found["messages"]
        messages.mapped("body")
        return len(messages)

    def dispatch(self, order):
        """Look who could be sent to an order."""
        suggested, others = order._get_suggestions()
        return len(suggested) + len(others)
