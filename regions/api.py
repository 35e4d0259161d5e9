"""Regions and countries for programs."""

from typing import Annotated

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import Field

from editorial.api.answering import (
    Item,
    Page,
    Part,
    address_of,
    answer,
    answer_page,
    get_public_or_moved,
    html_of,
)
from editorial.api.asking import Choice, Paging, Slug
from regions.models import Country, Region

router = Router(tags=["Regions"])

Code = Annotated[str, Field(pattern="^([A-Za-z]{2}|[A-Za-z]{3}|[0-9]{3})$")]


class RegionName(Part):
    """A region as other things name it."""

    slug: str = Field(examples=["korean-peninsula"])
    name: str = Field(examples=["Korean Peninsula"])
    url: str = Field(description="The address of its page.", json_schema_extra={"format": "uri"})


class CountryItem(Item):
    alpha2: str = Field(description="ISO 3166-1 alpha-2.", examples=["KR"])
    alpha3: str = Field(description="ISO 3166-1 alpha-3.", examples=["KOR"])
    m49: str | None = Field(
        description="Its number of UN M49; null where there is none.", examples=["410"]
    )
    name: str = Field(examples=["South Korea"])


class RegionItem(Item):
    slug: str = Field(description="Its name in addresses.", examples=["korean-peninsula"])
    name: str = Field(examples=["Korean Peninsula"])
    url: str = Field(description="The address of its page.", json_schema_extra={"format": "uri"})
    parent: RegionName | None = Field(description="The region that it is part of.")
    countries: list[str] = Field(description="ISO 3166-1 alpha-3.", examples=[["PRK", "KOR"]])
    introduction: str = Field(description="HTML.", examples=["<p>What is at stake.</p>"])


class CountryQuestion(Paging):
    region: Slug | None = Field(
        None, description="Those of a region and of all that is part of it.", examples=["asia"]
    )


class RegionQuestion(Paging):
    region: Slug | None = Field(
        None, description="A region and all that is part of it.", examples=["asia"]
    )
    country: Code | None = Field(
        None,
        description="Those to which a country belongs: alpha-2, alpha-3 or M49.",
        examples=["KOR"],
    )


def keys_of_branch(slug: str) -> list[int]:
    """The primary keys of a public region and of the public ones below it; none if it is none."""
    tree = Region.objects.tree()
    return [
        key for each in tree.regions.values() if each.slug == slug for key in tree.branch(each.pk)
    ]


def countries_named(code: str):
    """The country with a code of ISO 3166-1, of two or three letters, or of UN M49."""
    code = code.upper()
    return Country.objects.filter(Q(alpha2=code) | Q(alpha3=code) | Q(m49=code))


def name_region(region: Region | None) -> RegionName | None:
    """What others may say of a region: nothing, unless it is public."""
    if region is None or not region.is_public:
        return None
    return RegionName(slug=region.slug, name=region.name, url=address_of(region))


def describe_country(country) -> CountryItem:
    return CountryItem(
        alpha2=country.alpha2, alpha3=country.alpha3, m49=country.m49 or None, name=country.name
    )


def describe_region(region) -> RegionItem:
    return RegionItem(
        slug=region.slug,
        name=region.name,
        url=address_of(region),
        parent=name_region(region.parent),
        countries=sorted(country.alpha3 for country in region.countries.all()),
        introduction=html_of(region.introduction),
    )


def with_all():
    regions = Region.objects.select_related("parent").prefetch_related("countries")
    return regions.defer("globe", "parent__globe", "parent__introduction")


@router.get("/regions", response=Page[RegionItem])
def regions(request, chosen: Query[RegionQuestion]):
    """The parts of the world that have a page, by slug."""
    found = with_all().public()
    if chosen.region:
        found = found.filter(pk__in=keys_of_branch(chosen.region))
    if chosen.country:
        found = found.filter(countries__in=countries_named(chosen.country))
    return answer_page(request, chosen, found, ("slug",), describe_region, RegionItem)


@router.get("/regions/{slug:slug}", response=RegionItem)
def region(request, slug: str, chosen: Query[Choice]):
    """A part of the world."""
    found = get_public_or_moved(with_all(), "regions:region", "api:region", slug)
    return answer(request, chosen, describe_region(found))


@router.get("/countries", response=Page[CountryItem])
def countries(request, chosen: Query[CountryQuestion]):
    """Countries and territories, by their alpha-2 codes."""
    found = Country.objects.all()
    if chosen.region:
        found = found.filter(regions__in=keys_of_branch(chosen.region)).distinct()
    return answer_page(request, chosen, found, ("alpha2",), describe_country, CountryItem)


@router.get("/countries/{slug:country}", response=CountryItem)
def country(request, country: str, chosen: Query[Choice]):
    """A country or territory, by its alpha-2, alpha-3 or M49 code."""
    return answer(request, chosen, describe_country(get_object_or_404(countries_named(country))))
