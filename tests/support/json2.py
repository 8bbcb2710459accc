"""A client of Odoo's JSON-2 API, as an integrator would write one."""

import requests

TIMEOUT = 300  # seconds: a fee run of a thousand households is one call


class RpcError(Exception):
    """The server refused a call.

    :ivar status: HTTP status
    :ivar name: class of the exception in the server, such as
        ``odoo.exceptions.AccessError``
    """

    def __init__(self, status, name, message):
        super().__init__(message)
        self.status = status
        self.name = name


class Json2:
    """Calls public methods of models as one user.

    :param url: address of the server
    :param database: name of the database
    :param key: API key of the user
    """

    def __init__(self, url, database, key):
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"bearer {key}"
        self.session.headers["X-Odoo-Database"] = database

    def call(self, model, method, ids=None, context=None, **arguments):
        """Call ``model.method(**arguments)``, on records when ``ids`` are given.

        :raises RpcError: when the server answers with an error
        """
        body = dict(arguments)
        if ids is not None:
            body["ids"] = list(ids)
        if context is not None:
            body["context"] = context
        address = f"{self.url}/json/2/{model}/{method}"
        answer = self.session.post(address, json=body, timeout=TIMEOUT)
        if not answer.ok:
            raise self._error(answer)
        return answer.json()

    @staticmethod
    def _error(answer):
        try:
            error = answer.json()
        except requests.JSONDecodeError:
            return RpcError(answer.status_code, "", answer.text[:500])
        return RpcError(answer.status_code, error.get("name"), error.get("message"))

    def search_read(self, model, domain, fields, **options):
        """Return the records of a domain as dicts."""
        return self.call(model, "search_read", domain=domain, fields=fields, **options)

    def create(self, model, values):
        """Create records from a list of dicts; return their ids."""
        return self.call(model, "create", vals_list=values)

    def write(self, model, ids, values):
        """Write values to records."""
        return self.call(model, "write", ids=ids, vals=values)

    def count(self, model, domain=()):
        """Return the number of records of a domain."""
        return self.call(model, "search_count", domain=list(domain))
