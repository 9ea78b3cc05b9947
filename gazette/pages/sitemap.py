"""The map of the site: every page a reader can open, under the page that leads to it."""

from __future__ import annotations

from collections.abc import Mapping

from gazette import words
from gazette.model import Language
from gazette.pages import frame, listing
from gazette.pages.edition import Edition
from gazette.pages.frame import Address


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the page shows; ``root`` leads from it to the top of the site."""
    here = Address(language=language, place="sitemap/")
    topics = next((facet.shelves for facet in listing.facets(source, language) if facet.name == "topic"), ())
    return {
        "pages": (
            (words.label("sitemap.home", language), f"{root}{language}/"),
            *frame.further(source, here, language),
        ),
        "topics": tuple(
            (
                f"{root}{language}/catalogue/{shelf.code}/",
                shelf,
                tuple(listing.link(dataset, language, root) for dataset in shelf.datasets),
            )
            for shelf in topics
        ),
    }
