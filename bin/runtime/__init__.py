"""Everything that turns a bare machine into a running, tested property suite.

``bootstrap``     creates the virtual environment (runs on the system's Python)
``apt``           unpacks packages of the distribution privately, without root
``odoo_source``   finds an Odoo 19 or unpacks the distribution's
``postgres``      finds a PostgreSQL server or starts an embedded one
``rendering``     wkhtmltopdf with patched Qt, and fonts with Chinese glyphs
``browser``       Chromium for the browser tests
``node``          prettier, for the XML format
``environment``   puts those together: one :class:`Environment` to run Odoo with
``databases``     creates, copies and drops databases with their filestore
``templates``     cached template databases
``odoo``          runs Odoo: install, upgrade, uninstall, script, server
``modules``       what the manifests of ``addons/`` say
``logcheck``      warnings and errors in an Odoo log
``commands``      the commands of ``bin/``

All that is fetched or built goes to the git-ignored folder ``.runtime/``.
"""
