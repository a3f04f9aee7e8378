"""What a handler may tell the worker."""


class Outage(Exception):
    """What the work needs is away: the try does not count, and there will be another soon, however long it takes. For
    what all work of a topic needs, not for what one message lacks: what else is due of the topic waits as well."""
