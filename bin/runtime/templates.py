"""Cached template databases, each built once on top of another.

===========  ===========================================================
``base``     ``base`` in Chinese, the company in China
``odoo``     ... and some of Odoo's modules
``suite``    ... and some of our modules
``demo``     ... and the demo estate, with what it is tried with
===========  ===========================================================

The name of a template ends in a hash of all that it was built from, so a template is
either right or not there. Nobody works in a template: copy it.
"""

from . import modules
from .console import note, step
from .databases import Databases
from .odoo import Odoo
from .paths import CHECKOUT_ID, LOGS
from .shell import fingerprint, locked

LAYOUT = 2  # count up when the building of templates changes
LOCALISATION = "l10n_cn"

CHINESE_COMPANY = """
company = env.ref("base.main_company")
yuan = env.ref("base.CNY")
yuan.active = True
company.write({
    "name": "阳光物业服务有限公司",
    "country_id": env.ref("base.cn").id,
    "currency_id": yuan.id,
})
# The time zone also of the user that scheduled actions run as.
(env.ref("base.partner_admin") | env.ref("base.partner_root")).tz = "Asia/Shanghai"
env.ref("base.user_admin").lang = "zh_CN"
env.cr.commit()
"""

# Compiled once here instead of in every test run and on the user's first page.
ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""

# What makes the demo livelier and nobody needs in earnest: paying without a bank.
DEMO_MODULES = ("payment_demo",)

DEMO_ESTATE = """
env["property.demo.estate"]._build_demo()
env.cr.commit()
"""


class Templates:
    """Builds templates on demand and returns their names.

    :param environment: a provisioned :class:`~runtime.environment.Environment`
    """

    def __init__(self, environment):
        self.odoo = Odoo(environment, LOGS / "templates")
        self.databases = Databases(environment.variables)
        self.version = fingerprint(
            LAYOUT, environment.source.version, str(environment.source.path)
        )

    def base(self, *, with_demo=False):
        """Return the template of ``base``.

        :param with_demo: with the demo data of Odoo's own modules
        """
        kind = "base_demo" if with_demo else "base"

        def build(name, _parent):
            self.databases.create(name)
            options = ["--load-language=zh_CN"]
            if with_demo:
                options.append("--with-demo")
            self.odoo.install(name, ["base"], f"{kind}-install", *options)
            self.odoo.script(name, CHINESE_COMPANY, f"{kind}-company")

        return self._template(kind, fingerprint(self.version, CHINESE_COMPANY), build)

    def odoo_modules(self, names, *, with_demo=False):
        """Return the template that holds those of Odoo's modules.

        :param names: technical names; what they need is installed with them
        """
        names = sorted(names)
        kind = "odoo_demo" if with_demo else "odoo"

        def build(name, parent):
            self.databases.copy(parent, name)
            options = ["--with-demo"] if with_demo else []
            self.odoo.install(name, names, f"{kind}-install", *options)

        key = fingerprint(self.version, CHINESE_COMPANY, *names)
        return self._template(kind, key, build, lambda: self.base(with_demo=with_demo))

    def dependencies(self, ours, *, with_demo=False):
        """Return the template of what some of our modules need of Odoo's."""
        names = set(modules.odoo_dependencies(ours))
        if "account" in names:
            names.add(LOCALISATION)
        return self.odoo_modules(names, with_demo=with_demo)

    def suite(self):
        """Return the template of all our modules, without demo data."""
        ours = modules.suite()

        def build(name, parent):
            self.databases.copy(parent, name)
            self.odoo.install(name, ours, "suite-install")
            self.odoo.script(name, ASSETS, "suite-assets")

        key = self._suite_key(ours)
        return self._template("suite", key, build, lambda: self.dependencies(ours))

    def demo(self):
        """Return the template of all our modules and `DEMO_MODULES` with the demo estate."""
        ours = modules.suite()

        def build(name, parent):
            self.databases.copy(parent, name)
            self.odoo.install(name, DEMO_MODULES, "demo-install")
            self.odoo.script(name, DEMO_ESTATE, "demo-estate")

        key = fingerprint(self._suite_key(ours), DEMO_ESTATE, *DEMO_MODULES)
        return self._template("demo", key, build, self.suite)

    def _suite_key(self, ours):
        parts = [part for name in ours for part in (name, modules.content_hash(name))]
        return fingerprint(self.version, CHINESE_COMPANY, *parts)

    def _template(self, kind, key, build, parent=lambda: None):
        """Return the name of a template; build it when it is not there.

        :param build: function of the name of the new database and of its parent's
        :param parent: function that returns the name of the template to build upon
        """
        prefix = f"pst_{CHECKOUT_ID}_{kind}_"
        name = f"{prefix}{key[:10]}"
        with locked(f"template-{kind}"):
            if not self.databases.exists(name):
                self._drop_stale(kind, prefix)
                source = parent()
                with step(f"Building the template database {kind!r}"):
                    unfinished = f"{prefix}unfinished"
                    build(unfinished, source)
                    self.databases.rename(unfinished, name)
        return name

    def _drop_stale(self, kind, prefix):
        """Drop what older contents of our modules left; Odoo's templates stay."""
        if kind in ("suite", "demo"):
            for stale in self.databases.names(prefix):
                note(f"dropping the outdated {stale}")
                self.databases.drop(stale)
