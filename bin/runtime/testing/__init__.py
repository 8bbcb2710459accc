"""What ``bin/test`` and ``bin/lint`` are made of.

``results``     outcomes of tests and their summary
``lint``        the lint tools, each one result
``unit``        the modules' own tests, run by Odoo
``suite_tests`` the tests in ``tests/``, run by pytest
"""
