def pre_init_hook(env):
    """Create the PostgreSQL extensions that the module's constraints and indexes use.

    `btree_gist` carries the exclusion constraints on dated records, `pg_trgm` the
    searches by part of a phone number or name. Both are trusted extensions: the owner
    of the database may create them, no superuser is needed.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    # The registry looked before; without this the module's trigram indexes would be
    # left out until the next upgrade.
    env.registry.has_trigram = True
