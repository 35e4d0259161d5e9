from collections import defaultdict


class Tree:
    """
    Regions by their place in the tree. A region whose parent is not in it stands at the root.

    Takes any iterable of regions with ``pk`` and ``parent_id``, in the order of lists.
    """

    def __init__(self, regions):
        self.regions = {region.pk: region for region in regions}
        self.below = defaultdict(list)
        for region in self.regions.values():
            parent = region.parent_id if region.parent_id in self.regions else None
            self.below[parent].append(region)

    def roots(self):
        return self.below[None]

    def children(self, pk):
        return self.below[pk]

    def nested(self, pk=None):
        """What lies below, each with what lies below it: ``[(region, [(region, []), …]), …]``."""
        return [(region, self.nested(region.pk)) for region in self.below[pk]]

    def depth_first(self, pk=None):
        """The regions below, each followed by those that are part of it."""
        for region in self.below[pk]:
            yield region
            yield from self.depth_first(region.pk)

    def in_order(self, objects, region_id):
        """Sort objects by the place of their region; ``region_id`` is asked for each object's."""
        place = {region.pk: number for number, region in enumerate(self.depth_first())}
        return sorted(objects, key=lambda each: place.get(region_id(each), len(place)))

    def ancestors(self, region):
        """From the root down to the parent; ends where a parent is not public."""
        found = []
        while (region := self.regions.get(region.parent_id)) and region not in found:
            found.insert(0, region)
        return found

    def path(self, region):
        """From the root down to the region itself, as far as it is public."""
        own = self.regions.get(region.pk)
        return [*self.ancestors(own), own] if own else self.ancestors(region)

    def branch(self, pk):
        """The primary keys of a region and of all below it."""
        found = [pk]
        for key in found:
            found += [child.pk for child in self.below[key] if child.pk not in found]
        return found
