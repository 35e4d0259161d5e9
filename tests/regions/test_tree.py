from hypothesis import given
from hypothesis import strategies as st

from regions.tree import Tree


class Place:
    def __init__(self, pk, parent_id=None):
        self.pk, self.parent_id = pk, parent_id

    def __repr__(self):
        return str(self.pk)


ASIA, NORTH_EAST, KOREA, AFRICA = Place(1), Place(2, 1), Place(3, 2), Place(4)
TREE = Tree([ASIA, NORTH_EAST, KOREA, AFRICA])


def test_the_path_leads_from_the_root():
    assert TREE.ancestors(KOREA) == [ASIA, NORTH_EAST]
    assert TREE.path(KOREA) == [ASIA, NORTH_EAST, KOREA]


def test_a_branch_holds_all_that_lies_below():
    assert TREE.branch(1) == [1, 2, 3]
    assert TREE.branch(3) == [3]


def test_objects_stand_in_the_order_of_the_tree_and_those_elsewhere_last():
    assert list(TREE.depth_first()) == [ASIA, NORTH_EAST, KOREA, AFRICA]
    assert TREE.in_order([9, 4, 3, 1], region_id=lambda pk: pk) == [1, 3, 4, 9]


def test_children_and_roots_keep_their_order():
    assert TREE.roots() == [ASIA, AFRICA]
    assert TREE.children(1) == [NORTH_EAST]


def test_what_lies_below_a_hidden_region_stands_at_the_root():
    tree = Tree([KOREA])
    assert tree.roots() == [KOREA]
    assert tree.ancestors(KOREA) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=10))
def test_no_tree_however_knotted_goes_on_for_ever(pairs):
    places = [Place(pk, parent) for pk, parent in dict(pairs).items()]
    tree = Tree(places)
    for place in places:
        assert set(tree.branch(place.pk)) <= {p.pk for p in places}
        assert len(tree.ancestors(place)) <= len(places)
