from django.shortcuts import render

from editorial.finding import get_page, get_public_or_gone
from people.models import Person, Quote


def people(request):
    page = get_page(request, Person.objects.public().with_appointments(), per_page=60)
    return render(request, "people/person_list.html", {"page": page})


def person(request, slug):
    person = get_public_or_gone(Person.objects.with_appointments(), slug=slug)
    context = {
        "person": person,
        "page": get_page(request, person.bylines.pieces()),
        "quotes": person.quotes.public().as_cards(),
    }
    return render(request, "people/person_detail.html", context)


def quotes(request):
    page = get_page(request, Quote.objects.public().as_cards())
    return render(request, "people/quote_list.html", {"page": page})


def quote(request, slug):
    quote = get_public_or_gone(Quote.objects.as_cards(), slug=slug)
    return render(request, "people/quote_detail.html", {"quote": quote})
