"""Lineage from the pipeline's own list of steps: which step reads and writes which table. Standard library only.

`mermaid` is a diagram for documentation, `dependencies` the rows of the report's table, `page` the text of
docs/lineage.md.
"""

from collections.abc import Iterable, Sequence

from jobs.pipeline import STEPS, Step

STAGE_COLORS = (
    ("#dbe9f6", "#0b5394"),
    ("#e0f0e3", "#2c7a4b"),
    ("#fdebd0", "#b5680a"),
    ("#ece5f4", "#6a4c93"),
    ("#f9e1e6", "#a83250"),
    ("#e2eef0", "#2f6f7e"),
    ("#f3f0d7", "#7d7416"),
    ("#e9e9e9", "#555555"),
)
"""Fill and outline of each stage's steps."""
REPORT_FILES = ("index.html", "results.json")


def dependencies() -> list[tuple[str, str, str]]:
    """Return step, what it reads and what it writes, as text, in the order of the pipeline."""
    return [(step.name, _listed(step.reads), _listed(step.writes or REPORT_FILES)) for step in STEPS]


def mermaid(steps: Sequence[Step] = STEPS) -> str:
    """Return a Mermaid flow chart of steps, tables and files, with an edge for every read and write."""
    lines = ["flowchart LR"]
    for step in steps:
        lines.append(f"  {_id(step.name)}[{step.name}]:::{step.stage}")
        lines += [f"  {_id(name)}{_shape(name)} --> {_id(step.name)}" for name in step.reads]
        lines += [f"  {_id(step.name)} --> {_id(name)}{_shape(name)}" for name in step.writes]
    colors = dict(zip(stages(), STAGE_COLORS, strict=True))
    shown = dict.fromkeys(step.stage for step in steps)
    lines += [f"  classDef {stage} {_style(*colors[stage])}" for stage in shown]
    return "\n".join(lines)


def overview() -> str:
    """Return a Mermaid flow chart of the stages, with an edge from each stage to those that read its tables."""
    writer = {table: step.stage for step in STEPS for table in step.writes}
    edges = dict.fromkeys(
        (writer.get(name, "files"), step.stage)
        for step in STEPS
        for name in step.reads
        if writer.get(name, "files") != step.stage
    )
    lines = ["flowchart LR", "  files[/files/]"]
    lines += [f"  {source} --> {target}" for source, target in edges]
    return "\n".join(lines)


def stages() -> list[str]:
    """Return the names of the stages in the order of the pipeline."""
    return list(dict.fromkeys(step.stage for step in STEPS))


def page() -> str:
    """Return the text of docs/lineage.md."""
    parts = [
        "# Lineage",
        "Which step reads and writes which table, generated from `jobs/pipeline.py`. "
        "`bankstack graph` prints all stages as one diagram.\n"
        "After changing the pipeline, run `python -m jobs.report.lineage > docs/lineage.md`.",
        "## Stages",
        _block(overview()),
    ]
    for stage in stages():
        parts += [f"## {stage}", _block(mermaid([step for step in STEPS if step.stage == stage]))]
    return "\n\n".join(parts)


def _block(diagram: str) -> str:
    return f"```mermaid\n{diagram}\n```"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{name[5:]} (file)" if name.startswith("file:") else name for name in names)


def _id(name: str) -> str:
    return name.replace(".", "_step_").replace(":", "_")


def _shape(name: str) -> str:
    return f"[/{name[5:]}/]" if name.startswith("file:") else f"[({name})]"


def _style(fill: str, stroke: str) -> str:
    return f"fill:{fill},stroke:{stroke},color:#1b1b1b"


if __name__ == "__main__":
    print(page())
