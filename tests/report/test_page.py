"""The page is one file that says what is real and what is not, for people and for their screen readers."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from jobs.report.page import render
from jobs.report.sections import SECTIONS
from tests.report import conftest as rows

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Elements with their attributes, and the text of each section without scripts and styles."""

    def __init__(self, html):
        """Read the whole page."""
        super().__init__()
        self.elements, self.open, self.texts, self.section = [], [], {}, "top"
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Keep the element with the section that it is in."""
        values = dict(attributes)
        self.elements.append((tag, values, self.section))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.section = values["id"]

    def handle_endtag(self, tag):
        """Close the innermost element, which must be of this tag."""
        assert tag not in VOID and self.open.pop() == tag, f"</{tag}> closes nothing"
        self.section = "top" if tag == "section" else self.section

    def handle_data(self, data):
        """Add to the section's text."""
        if "script" not in self.open and "style" not in self.open:
            self.texts[self.section] = self.texts.get(self.section, "") + data

    def every(self, tag):
        """Attributes and section of each element of a tag."""
        return [(values, section) for name, values, section in self.elements if name == tag]


@pytest.fixture
def html(facts):
    return render(facts)


@pytest.fixture
def page(html):
    return Page(html)


def test_every_element_is_closed_and_every_id_is_there_once(page):
    ids = [values["id"] for _, values, _ in page.elements if "id" in values]
    assert page.open == [] and len(ids) == len(set(ids))


def test_nothing_is_loaded_from_elsewhere(html, page):
    for _, values, _ in page.elements:
        assert "src" not in values and "srcset" not in values
        assert values.get("href", "#").startswith(("#", "data:"))
    style = re.search(r"<style>(.*?)</style>", html, re.S)[1]
    assert "url(" not in style and "@import" not in style


def test_links_of_the_contents_lead_to_sections(page):
    targets = {values["href"][1:] for values, _ in page.every("a")}
    assert targets == {"main", *(values["id"] for values, _ in page.every("section"))}
    assert len(page.every("section")) == len(SECTIONS) + 1  # and provenance or findings


def test_synthetic_is_said_exactly_where_the_data_is(page):
    said = {section for section, text in page.texts.items() if "synthetic" in text}
    assert said == {"top", "findings", "data", "outliers", "transactions", "notes", "provenance"}
    badges = {(values["class"], section) for values, section in page.every("span") if "badge" in values["class"]}
    assert ("badge real", "transactions") not in badges and ("badge real", "subscription") in badges
    assert "what you see of it is made up by a generator" in page.texts["data"]


def test_every_block_of_synthetic_data_has_its_badge(page):
    for section, charts in (("transactions", 3), ("notes", 3), ("outliers", 2)):
        badges = [values for values, place in page.every("span") if place == section]
        assert [values["class"] for values in badges] == ["badge synthetic"] * (charts + 1)


def test_with_real_data_only_synthetic_is_never_said(facts):
    real = rows.LOADS.assign(source="real", file="a.csv")
    page = Page(render(replace(facts, tables={**facts.tables, "load_runs": real})))
    assert not [text for text in page.texts.values() if "synthetic" in text or "generator" in text]


def test_loads_and_rejected_rows_are_shown_with_reasons_and_escaped(html, page):
    text = " ".join(page.texts["data"].split())
    assert "380 rows were read from 4 files; 378 became rows of a table and 2 were rejected" in text
    assert "Age: expected int" in text and "abc;<script>alert(1)</script>" in text
    assert "<script>alert(1)" not in html
    assert "Two ages are blank" in text, "the contract's own words for values kept as null"


def test_the_answers_say_that_both_engines_agree(page):
    assert page.texts["mapreduce"].count("✓ MapReduce and Spark agree") == 5
    assert "agree on all 8 groups (16 figures), to the last digit" in page.texts["mapreduce"]


def test_what_is_known_only_afterwards_is_marked(page):
    assert "Length of the call looks telling (rank 1) but is known only afterwards" in page.texts["subscription"]


def test_it_is_made_for_phones_print_and_screen_readers(html, page):
    assert ({"name": "viewport", "content": "width=device-width, initial-scale=1"}, "top") in page.every("meta")
    assert "@media print" in html and "break-inside: avoid" in html
    plots = [values for _, values, _ in page.elements if values.get("class") == "plot"]
    assert len(plots) == 22 and all(values["role"] == "img" and values["aria-label"] for values in plots)
    assert len(page.every("caption")) == len(page.every("table"))
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_a_bank_without_tables_gets_a_page_that_says_so(facts):
    page = Page(render(replace(facts, tables={}, timings={})))
    assert "Nothing was loaded yet" in page.texts["data"]
    assert "There are no findings yet" in page.texts["findings"]
    assert "There is no data for this section yet" in page.texts["transactions"]


@pytest.mark.parametrize("missing", ["load_runs", "feature_relevance", "note_topics", "age_patterns", "daily_volume"])
def test_one_missing_table_harms_no_other_section(facts, missing):
    tables = {name: table for name, table in facts.tables.items() if name != missing}
    assert "agree on all 8 groups" in Page(render(replace(facts, tables=tables))).texts["mapreduce"]


def test_an_empty_table_is_as_good_as_a_missing_one(facts):
    page = Page(render(replace(facts, tables={name: table.head(0) for name, table in facts.tables.items()})))
    assert "Nothing was loaded yet" in page.texts["data"]
