"""The lineage covers the whole pipeline."""

from jobs import pipeline
from jobs.core.settings import PROJECT
from jobs.report import lineage


def test_dependency_list_names_every_step_file_and_table():
    text = " ".join(cell for row in lineage.dependencies() for cell in row)
    tables = {table for step in pipeline.STEPS for table in (*step.tables_read, *step.writes)}
    assert [row[0] for row in lineage.dependencies()] == [step.name for step in pipeline.STEPS]
    assert all(name in text for name in tables)
    assert all(f"{dataset} (file)" in text for dataset in pipeline.DATASETS)


def test_dependency_list_says_that_the_report_writes_files():
    (build,) = [row for row in lineage.dependencies() if row[0] == "report.build"]
    assert build[2] == "index.html, results.json"


def test_mermaid_chart_has_an_edge_for_every_read_and_write():
    chart = lineage.mermaid()
    assert chart.startswith("flowchart LR\n")
    assert "ingest_step_clients --> clients[(clients)]" in chart
    assert "file_clients[/clients/] --> ingest_step_clients" in chart
    assert "mapreduce_answers[(mapreduce_answers)] --> report_step_build" in chart
    assert chart.count(" --> ") == sum(len(step.reads) + len(step.writes) for step in pipeline.STEPS)


def test_mermaid_chart_can_be_limited_to_a_stage():
    chart = lineage.mermaid([step for step in pipeline.STEPS if step.stage == "forecast"])
    assert "forecast_step_windows" in chart and "segments_step_customers" not in chart
    assert chart.count("classDef") == 1


def test_overview_has_an_edge_from_a_stage_to_the_stages_that_read_its_tables():
    lines = lineage.overview().splitlines()
    assert "  files --> ingest" in lines and "  ingest --> explore" in lines and "  explore --> report" in lines
    assert "  explore --> forecast" in lines, "the forecast reads city_volume, which explore writes"
    assert "  explore --> explore" not in lines


def test_lineage_page_is_up_to_date():
    text = (PROJECT / "docs/lineage.md").read_text()
    assert text == lineage.page() + "\n", (
        "docs/lineage.md is out of date; run: python -m jobs.report.lineage > docs/lineage.md"
    )
