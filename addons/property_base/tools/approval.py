"""Which steps a document has to pass before it counts as approved.

Plain Python: a step is anything that has the attributes `amount_from`, `amount_to` (money in
the company's currency, 0 = no limit), `company` and `community` (false = every one).

>>> from collections import namedtuple
>>> Step = namedtuple("Step", "name amount_from amount_to company community")
>>> steps = [
...     Step("manager", 0, 0, False, False),
...     Step("headquarters", 5000, 0, False, False),
...     Step("lake manager", 0, 1000, False, "Lake"),
... ]
>>> def names(amount, community):
...     chain = applicable(steps, amount=amount, company="A", community=community)
...     return [step.name for step in chain]

Amounts decide how far up a document has to go; the limits of a step are "more than" and
"up to and including":

>>> names(5000, "Hill"), names(5000.01, "Hill")
(['manager'], ['manager', 'headquarters'])

The steps of the community go before those of the company, and these before the general ones;
when a community says nothing about the amount, the next wider scope does:

>>> names(1000, "Lake"), names(1000.01, "Lake")
(['lake manager'], ['manager'])
>>> names(6000, "Lake")
['manager', 'headquarters']
"""


def within(step, amount):
    """Tell whether the amount falls to the step.

    A step that starts at 0 also takes documents without an amount.
    """
    above = amount > step.amount_from or not step.amount_from
    return above and (not step.amount_to or amount <= step.amount_to)


def applicable(steps, *, amount, company, community):
    """Return the steps of the narrowest scope that has any for the amount, in their order.

    :param steps: iterable of steps in the order in which they are to be passed
    :param amount: what the document is about, in the company's currency, not negative
    :param company: company of the document
    :param community: community of the document, or false
    :rtype: list
    """
    matching = [step for step in steps if within(step, amount)]
    scopes = (
        lambda step: community and step.community == community,
        lambda step: not step.community and step.company and step.company == company,
        lambda step: not step.community and not step.company,
    )
    for scope in scopes:
        if chain := [step for step in matching if scope(step)]:
            return chain
    return []
