"""
The content clock: which object has changed, noted in the transaction that changes it.

This is the one place of the house that listens to signals: a change that a writer forgot to tell
of would be found by nobody. What is written past them (``QuerySet.update``, ``bulk_create``) must
call ``note`` itself.
"""

import time

from django.apps import apps
from django.db import router, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from editorial.models import ContentChange
from editorial.searching.offers import offers

LOOKED_BACK = 50
LATE = 300  # Seconds after which a transaction writes its notes again when it is committed.


class Noted:
    """
    Stands among the hooks of a transaction, where a rollback takes it away with the note.

    The keys of notes only grow, and those of a transaction come to light when it is committed, long
    after those that follow them. Nobody waits for ever: after a long one they are written again.
    """

    def __init__(self, *of):
        self.of = of
        self.at = time.monotonic()

    def __call__(self):
        if time.monotonic() - self.at > LATE:
            _transaction, label, key = self.of
            ContentChange.objects.create(model=label, key=key)


def note(label: str, *keys):
    """Write down that objects have changed; each once in a transaction, as far as that is cheap."""
    using = router.db_for_write(ContentChange)
    connection = transaction.get_connection(using)
    recent = connection.run_on_commit[-LOOKED_BACK:]
    known = {hook.of for _ids, hook, _robust in recent if isinstance(hook, Noted)}
    mine = transaction_id(connection)
    new = [key for key in keys if key is not None and (mine, label, key) not in known]
    if not new:
        return
    with transaction.atomic(using=using, savepoint=False):
        ContentChange.objects.bulk_create(ContentChange(model=label, key=key) for key in new)
        for key in new if mine else ():
            transaction.on_commit(Noted(mine, label, key), using=using)


def transaction_id(connection) -> str | None:
    """
    Names the transaction under way, if there is one. Each that a test begins inside its own is one
    by itself, as it is for everybody else.
    """
    for number, block in enumerate(connection.atomic_blocks):
        if not block._from_testcase:
            return connection.savepoint_ids[number - 1] if number else "the outermost"
    return None


def listen():
    """Connect to the models of all offers, their parts, and what else their documents tell of."""
    for offer in offers().values():
        hear(offer.model, of_itself, offer.label)
        for part, owner in offer.parts.items():
            hear(part, of_owner(offer.label, owner), f"{offer.label} {part._meta.label}")
        for other in offer.depends:
            hear(other, of_itself, other._meta.label_lower)
        for link in offer.model._meta.many_to_many:
            through = getattr(link.remote_field, "through", None)
            m2m_changed.connect(of_both_ends, sender=through, dispatch_uid=f"clock {through}")


def hear(model, receiver, name):
    """What is saved as one of its proxies, such as a kind of publication, is sent by the proxy."""
    proxies = [each for each in apps.get_models() if each._meta.concrete_model is model]
    for sender in {model, *proxies}:
        for signal in (post_save, post_delete):
            uid = f"clock {name} {sender._meta.label}"
            signal.connect(receiver, sender=sender, weak=False, dispatch_uid=uid)


def label_of(model):
    return model._meta.concrete_model._meta.label_lower


def of_itself(sender, instance, **kwargs):
    note(label_of(sender), instance.pk)


def of_owner(label, owner):
    def receiver(sender, instance, **kwargs):
        note(label, owner(instance))

    return receiver


def of_both_ends(sender, instance, action, reverse, pk_set, model, **kwargs):
    if not action.startswith("post_"):
        return
    if not reverse:
        note(label_of(instance), instance.pk)
    elif pk_set:
        note(label_of(model), *pk_set)
