"""The page is one self-contained, accessible file that marks synthetic data."""

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
    """Collect elements with their attributes, and the text of each section without scripts and styles."""

    def __init__(self, html):
        """Parse the whole page."""
        super().__init__()
        self.elements, self.open, self.texts, self.section = [], [], {}, "top"
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Record the element and its section."""
        values = dict(attributes)
        self.elements.append((tag, values, self.section))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.section = values["id"]

    def handle_endtag(self, tag):
        """Check that the tag closes the innermost open element."""
        assert tag not in VOID and self.open.pop() == tag, f"</{tag}> does not match an open element"
        self.section = "top" if tag == "section" else self.section

    def handle_data(self, data):
        """Append text to the section."""
        if "script" not in self.open and "style" not in self.open:
            self.texts[self.section] = self.texts.get(self.section, "") + data

    def every(self, tag):
        """Return attributes and section of each element with a tag."""
        return [(values, section) for name, values, section in self.elements if name == tag]


@pytest.fixture
def html(tables):
    return render(tables)


@pytest.fixture
def page(html):
    return Page(html)


def test_elements_are_closed_and_ids_are_unique(page):
    ids = [values["id"] for _, values, _ in page.elements if "id" in values]
    assert page.open == [] and len(ids) == len(set(ids))


def test_page_loads_nothing_from_other_addresses(html, page):
    for _, values, _ in page.elements:
        assert "src" not in values and "srcset" not in values
        assert values.get("href", "#").startswith(("#", "data:"))
    style = re.search(r"<style>(.*?)</style>", html, re.S)[1]
    assert "url(" not in style and "@import" not in style


def test_contents_link_to_every_section(page):
    targets = {values["href"][1:] for values, _ in page.every("a")}
    assert targets == {"main", *(values["id"] for values, _ in page.every("section"))}
    assert len(page.every("section")) == len(SECTIONS) + 1  # and the findings


def marks(page):
    """The sections of all marks `synthetic`."""
    return [section for values, section in page.every("span") if values.get("class") == "mark"]


def with_sources(tables, source):
    loads = rows.LOADS.assign(source=source, file="a.csv")
    return replace(tables, frames={**tables.frames, "load_runs": loads})


def test_mixed_data_gets_a_banner_that_names_the_synthetic_data_sets(page):
    banner = " ".join(page.texts["top"].split())
    assert "This report mixes real and synthetic data." in banner
    assert "No file was provided for call notes and bank transactions" in banner


def test_mixed_data_marks_only_blocks_and_findings_with_synthetic_data(page):
    found = [section for section in marks(page) if section not in ("top", "findings")]
    assert {section: found.count(section) for section in found} == {"transactions": 3, "notes": 3, "outliers": 2}
    assert marks(page).count("findings") == 4


def test_mark_tooltip_names_the_synthetic_data_set(page):
    titles = {values["title"] for values, section in page.every("span") if section == "notes"}
    assert titles == {"Generated data: call notes"}


def test_synthetic_data_only_gets_one_banner_and_no_marks(tables):
    page = Page(render(with_sources(tables, "synthetic")))
    assert "All data in this report is synthetic." in page.texts["top"]
    assert marks(page) == []


def test_real_data_only_gets_neither_banner_nor_marks(tables):
    page = Page(render(with_sources(tables, "real")))
    assert not [text for text in page.texts.values() if "synthetic" in text or "generated:" in text]
    assert marks(page) == []


def test_loads_and_rejected_rows_are_shown_with_reasons_and_escaped(html, page):
    text = " ".join(page.texts["data"].split())
    assert "380 rows were read from 4 files; 378 were loaded and 2 rejected" in text
    assert "Age: expected int" in text and "abc;<script>alert(1)</script>" in text
    assert "<script>alert(1)" not in html
    assert "Two ages are blank" in text, "the contract explains the values set to null"


def test_each_mapreduce_answer_states_the_agreement(page):
    assert page.texts["mapreduce"].count("✓ MapReduce and Spark agree") == 5
    assert "agree on all 8 groups (16 values), to the last digit" in page.texts["mapreduce"]


def test_leaking_columns_are_pointed_out(page):
    assert "Call duration has rank 1 but is only known after the call" in page.texts["subscription"]


def test_page_supports_phones_print_and_screen_readers(html, page):
    assert ({"name": "viewport", "content": "width=device-width, initial-scale=1"}, "top") in page.every("meta")
    assert "@media print" in html and "break-inside: avoid" in html
    plots = [values for _, values, _ in page.elements if values.get("class") == "plot"]
    assert len(plots) == 22 and all(values["role"] == "img" and values["aria-label"] for values in plots)
    assert len(page.every("caption")) == len(page.every("table"))
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_page_without_tables_says_what_is_missing(tables):
    page = Page(render(replace(tables, frames={}, timings={})))
    assert "No data has been loaded yet" in page.texts["data"]
    assert "There are no findings yet" in page.texts["findings"]
    assert "There is no data for this section yet" in page.texts["transactions"]


@pytest.mark.parametrize("missing", ["load_runs", "feature_relevance", "note_topics", "age_patterns", "daily_volume"])
def test_a_missing_table_does_not_break_other_sections(tables, missing):
    frames = {name: frame for name, frame in tables.frames.items() if name != missing}
    assert "agree on all 8 groups" in Page(render(replace(tables, frames=frames))).texts["mapreduce"]


def test_empty_tables_are_treated_like_missing_ones(tables):
    page = Page(render(replace(tables, frames={name: table.head(0) for name, table in tables.frames.items()})))
    assert "No data has been loaded yet" in page.texts["data"]
