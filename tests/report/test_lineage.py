"""The lineage shows the whole map."""

import xml.etree.ElementTree as ElementTree
from itertools import combinations

from jobs import pipeline
from jobs.core.settings import PROJECT
from jobs.report import lineage

NAMES = {step.name for step in pipeline.STEPS} | {table for step in pipeline.STEPS for table in step.writes}
SVG = "{http://www.w3.org/2000/svg}"


def test_the_svg_is_xml_and_names_every_step_and_table():
    picture = ElementTree.fromstring(lineage.svg())
    assert {text.text for text in picture.iter(f"{SVG}text")} >= NAMES


def test_no_box_of_the_svg_lies_on_another():
    boxes = [
        [float(box.get(name)) for name in ("x", "y", "width", "height")]
        for box in ElementTree.fromstring(lineage.svg()).iter(f"{SVG}rect")
        if box.get("width") == str(lineage.WIDTH)
    ]
    assert len(boxes) == len(pipeline.STEPS) + len(pipeline.DATASETS)
    for one, other in combinations(boxes, 2):
        beside = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0]
        assert beside or one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1]


def test_the_mermaid_chart_draws_every_read_and_write():
    chart = lineage.mermaid()
    assert chart.startswith("flowchart LR\n")
    assert "ingest_step_clients --> clients[(clients)]" in chart
    assert "file_clients[/clients/] --> ingest_step_clients" in chart
    assert "mapreduce_answers[(mapreduce_answers)] --> report_step_build" in chart
    assert chart.count(" --> ") == sum(len(step.reads) + len(step.writes) for step in pipeline.STEPS)


def test_the_docs_show_the_map_as_it_is():
    text = (PROJECT / "docs/lineage.md").read_text()
    assert text == lineage.page() + "\n", "docs/lineage.md is old: python -m jobs.report.lineage > docs/lineage.md"
