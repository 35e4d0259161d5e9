"""What a reader asks, and what the index answers: only what is public now."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Model, Q
from django.utils.safestring import SafeString
from tantivy import FieldType, Occur, Query

from editorial import clock
from editorial.models import ContentChange, Promotion
from editorial.models.searching import as_asked
from editorial.rehearsing import is_rehearsing
from editorial.searching.extracts import Marker
from editorial.searching.index import SCHEMA, STATE
from editorial.searching.keeping import fresh
from editorial.searching.offers import offers
from editorial.searching.tongues import PLAIN, words_of
from editorial.searching.wording import (
    asked_of_index,
    beginning_of_title,
    read,
    short_words,
    with_slips,
)

COMMON = 30_000  # Objects: phrases that stand in more are not weighed.
FEW = 3  # Hits: with fewer, what differs by one letter is looked for too.
VALUES = 10_000  # Of a facet.
MOST_KEYS = 1000  # Objects that a list of the desk is narrowed to.
DEEPEST = 10_000  # Hits that can be paged through.


@dataclass(frozen=True)
class Hit:
    """A public object; its title and an extract are HTML, with the words in ``<mark>``."""

    object: Model
    title: SafeString
    extract: SafeString
    is_promoted: bool = False


@dataclass(frozen=True)
class Answer:
    """
    One page of hits, how many there are in all, and for each facet its values with their counts.

    ``is_catching_up`` says that the index does not hold the newest changes, or nothing, yet.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    pages: int = 0
    is_catching_up: bool = False


def ask(
    words: str = "",
    *,
    of: Sequence[str] | None = None,
    chosen: dict[str, Sequence[str]] | None = None,
    facets: Sequence[str] = (),
    page: int = 1,
    per_page: int = 20,
    order: str = "relevance",
    cards: Callable | None = None,
    promoted: bool = True,
) -> Answer:
    """
    Look for words, or for everything, among the objects of the models ``of``.

    ``words`` may be anything; words in quotation marks stand beside each other. ``chosen`` narrows
    down by facets: any of the values of each. The counts of a facet are those without what was
    chosen in it. ``order`` is ``relevance`` or ``newest``. ``cards`` prepares the queryset of the
    objects, where those of the offers are not enough. ``promoted`` puts on top what editors chose
    for these words, whether the rest finds it or not. Never raises for what a reader typed.
    """
    reader, is_behind = fresh()
    asked = read(words)
    if reader is None or (str(words).strip() and not asked):
        return Answer(is_catching_up=is_behind)
    search = Search(reader, of, chosen or {}, is_behind=is_behind)
    query, found = search.find(asked, page, per_page, order)
    shown, gone = show(reader, found.hits, asked, is_behind, cards)
    if promoted and page == 1 and order != "newest":
        shown = with_promoted(shown, words, asked, search.labels) if asked else shown
    return Answer(
        hits=shown,
        total=max(found.count - gone, len(shown)),
        facets=search.facets(facets, query, asked),
        pages=math.ceil(min(found.count, DEEPEST) / per_page),
        is_catching_up=is_behind,
    )


def every_key(label: str, words: str, chosen: dict[str, Sequence[str]]) -> list[int] | None:
    """
    The keys of all objects of one model that ``ask`` finds, on all its pages, in its order. Whoever
    fetches them does so through ``public()``. None where there is no index yet.
    """
    reader, _is_behind = fresh()
    if reader is None:
        return None
    asked = read(words)
    if not asked:
        return []
    search = Search(reader, [label], chosen)
    _query, found = search.find(asked, 1, max(1, reader.searcher.num_docs))
    return [int(key) for key in reader.searcher.fast_field_values("pk", found.hits)]


def suggest(
    words: str, limit: int = 8, *, of: Sequence[str] | None = None
) -> list[tuple[str, str, str]]:
    """
    The public titles of the models ``of`` that hold these words, the last of which may go on.

    Returns triples of a title (plain text), its address, and what kind of object it is.
    """
    reader, _is_behind = fresh()
    asked = read(words)
    if reader is None or not asked:
        return []
    search = Search(reader, of, {})
    for slips in (False, True):
        query = search.narrowed(beginning_of_title(asked, slips=slips))
        found = search.hits(query, 1, limit * 2)
        if found.count:
            break
    named = {}
    for obj in objects_of(reader, found.hits):
        if obj is not None and hasattr(obj, "get_absolute_url"):
            named.setdefault(str(obj), (obj.get_absolute_url(), label_of(obj)))
    return [(title, *rest) for title, rest in named.items()][:limit]


def keys_of(label: str, words: str) -> list[int] | None:
    """
    The keys of the objects of one model, approved ones of the future too, that hold these words,
    the last of which may go on in a title. None where the index cannot say, or where they are too
    many for a list of keys. Only for editors.
    """
    asked = read(words)
    if not asked or label not in offers():
        return None
    reader, is_behind = fresh()
    if reader is None or is_behind or is_rehearsing():
        return None
    ways = [asked_of_index(asked, reader.tongues), beginning_of_title(asked)]
    model = Query.term_query(SCHEMA, "model", label)
    query = Query.boolean_query(
        [(Occur.Must, Query.disjunction_max_query(ways)), (Occur.Must, model)]
    )
    hits = reader.searcher.search(query, MOST_KEYS + 1, count=False).hits
    if len(hits) > MOST_KEYS:
        return None
    keys = reader.searcher.fast_field_values("pk", [address for _score, address in hits])
    return [int(key) for key in keys]


def label_of(obj) -> str:
    return str(getattr(obj, "label", "") or obj._meta.verbose_name)


@dataclass
class Found:
    """The addresses of hits in the index, and how many there are in all."""

    hits: list
    count: int


class Search:
    """One question to one state of the index, as of one moment."""

    def __init__(self, reader, of, chosen, *, is_behind=False):
        self.reader = reader
        self.is_behind = is_behind
        self.searcher = reader.searcher
        self.labels = [label for label in offers() if of is None or label in of]
        self.chosen = {name: self.keys(name, values) for name, values in chosen.items() if values}
        future = int(clock.now().timestamp()) + 1
        self.only = [
            (Occur.MustNot, Query.term_query(SCHEMA, "key", STATE)),
            (
                Occur.MustNot,
                Query.range_query(SCHEMA, "publish_at", FieldType.Integer, future, None),
            ),
        ]
        if of is not None:
            models = Query.term_set_query(SCHEMA, "model", self.labels)
            self.only.append((Occur.Must, Query.const_score_query(models, 0.0)))

    def named(self, facet):
        """The ``Named`` of a facet, if its values are objects."""
        return next(
            (
                offers()[label].facets[facet]
                for label in self.labels
                if facet in offers()[label].facets
            ),
            None,
        )

    def keys(self, facet, values):
        named = self.named(facet)
        return named.keys(values) if named else list(values)

    def query_for(self, asked, *, without=None):
        if not asked:
            return self.narrowed(Query.all_query(), without=without)
        common = [each for each in asked if self.is_common_phrase(each)]
        wanted = asked_of_index(asked, self.reader.tongues, common)
        return self.narrowed(wanted, without=without)

    def narrowed(self, query, *, without=None):
        clauses = [(Occur.Must, query), *self.only]
        for name, keys in self.chosen.items():
            if name != without:
                chosen = Query.term_set_query(SCHEMA, f"facet.{name}", keys)
                if not keys:
                    chosen = Query.empty_query()
                clauses.append((Occur.Must, Query.const_score_query(chosen, 0.0)))
        return Query.boolean_query(clauses)

    def hits(self, query, page, per_page, *, newest=False) -> Found:
        offset = max(0, page - 1) * per_page
        options = {"order_by_field": "publish_at"} if newest else {"weight_by_field": "weight"}
        if offset >= DEEPEST:
            return Found([], self.searcher.search(query, 1).count)
        result = self.searcher.search(query, per_page, offset=offset, **options)
        return Found([address for _score, address in result.hits], result.count)

    def find(self, asked, page, per_page, order="relevance") -> tuple[Query, Found]:
        """With few hits, what differs by one letter is looked for too. And the query that found."""
        query = self.query_for(asked)
        newest = order == "newest" or not asked or all(map(self.is_common_phrase, asked))
        found = self.hits(query, page, per_page, newest=newest)
        if asked and found.count < FEW:
            slipped = self.narrowed(with_slips(asked, self.reader.tongues))
            again = self.hits(slipped, page, per_page, newest=order == "newest")
            query, found = (slipped, again) if again.count > found.count else (query, found)
        return query, found

    def is_common_phrase(self, asked) -> bool:
        """To weigh these takes a tenth of a second, and tells little."""
        often = self.searcher.doc_freq
        words = words_of(asked.text, PLAIN)
        if not asked.is_phrase or any(often("words", word) <= COMMON for word in words):
            return False
        pairs = short_words(asked, self.reader.tongues)
        return not pairs or any(often(field, pair) > COMMON for field, pair in pairs)

    def facets(self, names, query, asked):
        counted = {}
        plain = [name for name in names if name not in self.chosen]
        if plain:
            counted |= self.counts(query, plain)
        for name in names:
            if name in self.chosen:
                counted |= self.counts(self.query_for(asked, without=name), [name])
        return {name: self.shown(name, counted.get(name, {})) for name in names}

    def counts(self, query, names) -> dict[str, dict[str, int]]:
        sizes = {"size": VALUES, "segment_size": VALUES}
        wanted = {name: {"terms": {"field": f"facet.{name}", **sizes}} for name in names}
        found = self.searcher.aggregate(query, wanted)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
            for name in names
        }

    def names(self, named, keys):
        """
        Looked up once in a minute for each state of the index, which a change of a name changes:
        a third of the time goes here.
        """
        if self.is_behind or is_rehearsing():
            return named.names(keys)
        minute = int(clock.now().timestamp()) // 60
        known = self.reader.names(minute).setdefault(id(named), {})
        if new := [key for key in keys if key not in known]:
            known |= dict.fromkeys(new) | named.names(new)
        return {key: known[key] for key in keys if known[key] is not None}

    def shown(self, name, counts) -> list[tuple[str, int]]:
        """The values as readers know them, those with the most first."""
        named = self.named(name)
        known = self.names(named, counts) if named else {value: value for value in counts}
        pairs = [(known[value], count) for value, count in counts.items() if value in known]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def objects_of(reader, addresses) -> list:
    """The objects of hits, fetched from the database as readers may have them, else None."""
    return fetch([reader.searcher.doc(address)["key"][0] for address in addresses])


def fetch(keys, cards=None) -> list:
    wanted = {}
    for key in keys:
        label, _colon, pk = key.partition(":")
        wanted.setdefault(label, []).append(int(pk))
    found = {}
    for label, pks in wanted.items():
        offer = offers()[label]
        for obj in (cards or offer.cards)(offer.public().filter(pk__in=pks)):
            found[f"{label}:{obj.pk}"] = obj
    return [found.get(key) for key in keys]


def show(reader, addresses, asked, is_behind, cards=None) -> tuple[list[Hit], int]:
    """The hits as they are shown, and how many are not public any more."""
    rows = [reader.searcher.doc(address) for address in addresses]
    keys = [row["key"][0] for row in rows]
    changed = changed_since(reader.state, keys) if is_behind else set()
    markers, hits = {}, []
    for row, key, obj in zip(rows, keys, fetch(keys, cards), strict=True):
        if obj is None:
            continue
        tongue = row["tongue"][0]
        marker = markers.setdefault(tongue, Marker(asked, tongue))
        text = "" if key in changed else bytes(row["text"][0]).decode()
        hits.append(Hit(obj, marker.mark(str(obj)), marker.extract(text)))
    return hits, len(keys) - len(hits)


def changed_since(state, keys) -> set[str]:
    """Those of which the index may hold a text that readers should not have any more."""
    asked = Q(pk__in=[])
    for key in keys:
        label, _colon, pk = key.partition(":")
        asked |= Q(model=label, key=int(pk))
    later = ContentChange.objects.filter(asked, pk__gt=state.upto)
    return {f"{model}:{key}" for model, key in later.values_list("model", "key")}


def with_promoted(hits, words, asked, labels) -> list[Hit]:
    """What an editor wants on top for exactly these words, before the rest."""
    chosen = Promotion.objects.filter(words=as_asked(words)).values_list(
        "content_type__app_label", "content_type__model", "object_id"
    )
    keys = [f"{app}.{model}:{pk}" for app, model, pk in chosen if f"{app}.{model}" in labels]
    promoted = [obj for obj in fetch(keys) if obj is not None]
    if not promoted:
        return hits
    by_object = {hit.object: hit for hit in hits}
    marker = Marker(asked, "plain")
    made = {obj: Hit(obj, marker.mark(str(obj)), SafeString("")) for obj in promoted}
    top = [replace(by_object.get(obj, made[obj]), is_promoted=True) for obj in promoted]
    return top + [hit for hit in hits if hit.object not in promoted]
