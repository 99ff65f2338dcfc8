"""The report's sections, in the order of the page. A new one: a file here and a line below."""

from collections.abc import Callable

from jobs.report.facts import Facts
from jobs.report.sections import (
    answers,
    forecast,
    loads,
    models,
    notes,
    origin,
    outcomes,
    outliers,
    picture,
    profiles,
    relations,
    segments,
    transactions,
)
from jobs.report.sections.base import Section

SECTIONS: tuple[Callable[[Facts], Section], ...] = (
    loads.section,
    outcomes.subscription,
    outcomes.default,
    models.subscription,
    models.default,
    relations.section,
    outliers.section,
    transactions.section,
    forecast.section,
    segments.section,
    notes.section,
    answers.section,
    profiles.section,
    picture.section,
    origin.section,
)
