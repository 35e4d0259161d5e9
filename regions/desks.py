"""Desks: who edits which part of the world. See ``regions.models.Desk``."""


def on_desk(user, regions) -> bool:
    """
    Whether something filed under these regions is on a desk of this user.

    ``regions`` are primary keys, or a queryset of them, which is asked only where it matters. Who
    belongs to no desk edits everywhere; what is filed nowhere is everybody's.
    """
    area = None if user.is_superuser else area_of(user)
    if area is None:
        return True
    filed = set(regions)
    return not filed or not area.isdisjoint(filed)


def area_of(user) -> set[int] | None:
    """The regions that a user edits, read once for each user object; None is the whole world."""
    if not hasattr(user, "_area"):
        user._area = user.desks.area()
    return user._area
