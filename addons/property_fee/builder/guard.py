"""What must go Odoo's own way.

The rows built here are those of the modules named in `KNOWN_MODULES`, whose code was
read. A module that adds something of its own to the making or posting of an invoice is
not in the list, and then nothing is built here at all.
"""

# Modules whose part in invoices was read: they add nothing to what is stored, or what
# they add is built here.
KNOWN_MODULES = {
    "account",
    "account_debit_note",
    "account_edi_ubl_cii",
    "account_payment",
    "analytic",
    "base",
    "base_import",
    "html_editor",
    "hr",
    "l10n_cn",
    "mail",
    "phone_validation",
    "portal",
    "product",
    "property_base",
    "property_fee",
    "property_fee_queue",
    "property_handover",
    "property_service",
    "property_service_fee",
    "property_staff",
    "queue_job",
    "rating",
    "sms",
    "snailmail",
    "snailmail_account",
    "web",
    "web_hierarchy",
}
MODELS = (
    "account.move",
    "account.move.line",
    "account.tax",
    "account.tax.repartition.line",
    "account.payment.term",
    "account.payment.term.line",
    "account.fiscal.position",
)
# Methods that some modules replace on the finished class, as automation rules do.
PATCHED = ("create", "write", "_post", "_write", "_validate_fields")


def find_registry_obstacle(env):
    """Return why no bill of this database can be built here, None when it can.

    :param Environment env: any environment of the database
    :return: untranslated reason, for logs and tests
    """
    for name in MODELS:
        model = env.registry[name]
        if patched := next((method for method in PATCHED if method in vars(model)), ""):
            return f"{name}.{patched} is replaced"
        for cls, others in _definitions(model):
            if reason := find_class_obstacle(cls, others):
                return f"{name}: {reason}"
        if reason := find_field_obstacle(model._fields):
            return f"{name}: {reason}"
    return None


def _definitions(model):
    """Yield the classes that define a model, each with those that it extends."""
    classes = [cls for cls in model.__mro__ if getattr(cls, "_module", None)]
    for index, cls in enumerate(classes):
        yield cls, classes[index + 1 :]


def find_class_obstacle(cls, others):
    """Return why a class of an unknown module stands in the way, None when it does not.

    Additions are harmless, changes of what is there are not.

    :param type cls: a class that defines or extends a model
    :param list others: classes that it extends
    """
    if cls._module in KNOWN_MODULES:
        return None
    for name, value in vars(cls).items():
        if name.startswith("__") or not callable(value):
            continue
        if hasattr(value, "_constrains"):
            return f"{cls._module} adds the constraint {name}"
        if any(name in vars(other) for other in others):
            return f"{cls._module} changes {name}"
    return None


def find_field_obstacle(fields):
    """Return why a field of an unknown module stands in the way, None when none does.

    :param fields: dict name -> field
    """
    for name, field in fields.items():
        if not field.store or KNOWN_MODULES.issuperset(field._modules):
            continue
        if field.compute or field.related or field.default or field.required:
            return f"the field {name} has to be filled"
    return None


# Computed fields whose value the rows hold: those of Odoo, and of this suite these.
BUILT_FIELDS = {"property_community_id"}
# What Odoo derives from payments and bank statements; new bills have none.
UNTOUCHED_MODELS = {
    "account.analytic.line",
    "account.bank.statement",
    "account.bank.statement.line",
    "account.full.reconcile",
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
}


def find_followers(env, name):
    """Return what has to be computed when rows of a model have been inserted.

    :param str name: name of the model
    :return: (fields of the rows themselves, fields of the rows that other models use),
        as tuples of names
    """
    own, triggers = [], []
    for field in env[name]._fields.values():
        if not field.store:
            continue
        if field.compute and not is_built(field):
            own.append(field.name)
        if any(
            other.store and other.compute and other.model_name not in UNTOUCHED_MODELS
            for other in env.registry.get_dependent_fields(field)
        ):
            triggers.append(field.name)
    return tuple(own), tuple(triggers)


def is_built(field):
    """Return whether the rows hold the right value of a computed field."""
    return field.name in BUILT_FIELDS or not any(
        module.startswith("property_") for module in field._modules
    )
