"""Lineage drawn from the map: which step reads and writes which table. Standard library only.

`mermaid` names every edge; `svg` is the picture in the report: a box per step with the tables it writes,
left to right by depth, in layers as of Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding
of hierarchical system structures": long edges get lanes, and each layer is ordered by its neighbours' mean place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from jobs.pipeline import STEPS

WIDTH, GAP, LANE, HEAD, LINE, SPACE, MARGIN, LEGEND = 172, 62, 9, 25, 16, 11, 8, 30
PASSES = 12  # over the layers; the order is settled well before
TINTS = ("#dbe9f6", "#e0f0e3", "#fdebd0", "#ece5f4", "#f9e1e6", "#e2eef0", "#f3f0d7", "#e9e9e9")
INKS = ("#0b5394", "#2c7a4b", "#b5680a", "#6a4c93", "#a83250", "#2f6f7e", "#7d7416", "#555555")


@dataclass
class Node:
    """A box of the picture, or the lane of a long edge (no label). `y` is its middle."""

    key: str
    stage: str
    layer: int
    label: str = ""
    lines: tuple[str, ...] = ()
    sources: list["Node"] = field(default_factory=list)
    y: float = 0.0

    @property
    def x(self) -> int:
        """Left edge."""
        return MARGIN + self.layer * (WIDTH + GAP)

    @property
    def height(self) -> int:
        """Of the box with a line for each table."""
        return HEAD + LINE * len(self.lines) + (6 if self.lines else 0) if self.label else LANE


def mermaid() -> str:
    """The lineage as a Mermaid flow chart: files and tables are nodes, so are steps."""
    lines = ["flowchart LR"]
    for step in STEPS:
        lines.append(f"  {_id(step.name)}[{step.name}]:::{step.stage}")
        lines += [f"  {_id(name)}{_shape(name)} --> {_id(step.name)}" for name in step.reads]
        lines += [f"  {_id(step.name)} --> {_id(name)}{_shape(name)}" for name in step.writes]
    lines += [f"  classDef {stage} fill:{tint},stroke:{ink},color:#1b1b1b" for stage, (tint, ink) in _stages().items()]
    return "\n".join(lines)


def svg() -> str:
    """The lineage as a self-contained SVG picture, dark on light, readable without colour."""
    layers = _layers()
    height = _place(layers)
    width = MARGIN * 2 + len(layers) * (WIDTH + GAP) - GAP
    nodes = [node for layer in layers for node in layer]
    drawn = [*(_edges(node) for node in nodes), *(_box(node) for node in nodes), _legend(height)]
    title = "Lineage: which step of the pipeline writes which tables, and what reads them"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + LEGEND}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12.5" fill="#1b1b1b"><title>{title}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(drawn)}</svg>'
    )


def page() -> str:
    """The text of docs/lineage.md."""
    return (
        "# Lineage\n\nEvery step, the files and tables it reads, and the tables it writes; drawn from "
        "`jobs/pipeline.py`. A picture of the same: `python -m jobs graph --format svg`.\n"
        "After a change of the map: `python -m jobs.report.lineage > docs/lineage.md`.\n\n"
        f"```mermaid\n{mermaid()}\n```"
    )


def _layers() -> list[list[Node]]:
    """Boxes by depth, with lanes where an edge passes a layer; each step's sources are in the layer before it."""
    nodes = {name: Node(name, "files", 0, name[5:], ("raw file",)) for name in _files()}
    for number, step in enumerate(STEPS):
        sources = [nodes[name] for name in step.reads if name in nodes]
        sources += [nodes[other.name] for other in STEPS[:number] if set(other.writes) & set(step.reads)]
        layer = 1 + max((source.layer for source in sources), default=0)
        node = Node(step.name, step.stage, layer, step.name, step.writes or ("index.html", "results.json"))
        node.sources = [_lane(nodes, source, layer - 1) for source in sources]
        nodes[step.name] = node
    depth = 1 + max(node.layer for node in nodes.values())
    return _ordered([[node for node in nodes.values() if node.layer == layer] for layer in range(depth)])


def _lane(nodes: dict[str, Node], source: Node, layer: int) -> Node:
    """The node through which an edge from `source` leaves `layer`: itself, or its lane there."""
    if source.layer == layer:
        return source
    key = f"{source.key}@{layer}"
    if key not in nodes:
        nodes[key] = Node(key, source.stage, layer, sources=[_lane(nodes, source, layer - 1)])
    return nodes[key]


def _ordered(layers: list[list[Node]]) -> list[list[Node]]:
    """Sort each layer by the mean place of its neighbours, forth and back, so that few edges cross."""
    for turn in range(PASSES):
        place = {node.key: index / len(layer) for layer in layers for index, node in enumerate(layer)}
        for layer in layers[1:] if turn % 2 == 0 else layers[-2::-1]:
            means = {node.key: _mean_place(node, layers, place, turn % 2 == 0) for node in layer}
            layer.sort(key=lambda node: means[node.key])
            place |= {node.key: index / len(layer) for index, node in enumerate(layer)}
    return layers


def _mean_place(node: Node, layers: list[list[Node]], place: dict[str, float], forth: bool) -> float:
    following = layers[node.layer + 1] if node.layer + 1 < len(layers) else []
    near = node.sources if forth else [other for other in following if node in other.sources]
    return sum(place[other.key] for other in near) / len(near) if near else place[node.key]


def _place(layers: list[list[Node]]) -> int:
    """Give every node its height on the page, each layer centred; returns the picture's height."""
    heights = [sum(node.height + SPACE for node in layer) for layer in layers]
    for layer, height in zip(layers, heights, strict=True):
        top = MARGIN + (max(heights) - height) / 2
        for node in layer:
            node.y = top + node.height / 2
            top += node.height + SPACE
    return max(heights) + 2 * MARGIN


def _edges(node: Node) -> str:
    """Curves from the sources of the node to it; a lane goes straight on to its right edge."""
    ink = _stages().get(node.stage, ("", INKS[-1]))[1]
    drawn = "" if node.label else _path(f"M{node.x} {node.y:.0f}h{WIDTH}", ink)
    for source in node.sources:
        start, middle = source.x + WIDTH, source.x + WIDTH + GAP // 2
        curve = f"M{start} {source.y:.0f}C{middle} {source.y:.0f} {middle} {node.y:.0f} {node.x} {node.y:.0f}"
        drawn += _path(curve, _stages().get(source.stage, ("", INKS[-1]))[1])
    return drawn


def _path(curve: str, ink: str) -> str:
    return f'<path d="{curve}" fill="none" stroke="{ink}" stroke-width="1.2" stroke-opacity=".5"/>'


def _box(node: Node) -> str:
    if not node.label:
        return ""
    tint, ink = _stages().get(node.stage, ("#f4f4f4", INKS[-1]))
    top = node.y - node.height / 2
    lines = "".join(
        f'<text x="{node.x + 10}" y="{top + HEAD + 10 + LINE * index:.0f}" fill="#3a3a3a">{escape(line)}</text>'
        for index, line in enumerate(node.lines)
    )
    return (
        f'<rect x="{node.x}" y="{top:.0f}" width="{WIDTH}" height="{node.height}" rx="5" fill="{tint}" stroke="{ink}"/>'
        f'<text x="{node.x + 10}" y="{top + 17:.0f}" font-weight="600">{escape(node.label)}</text>{lines}'
    )


def _legend(top: int) -> str:
    entries = {"files": ("#f4f4f4", INKS[-1]), **_stages()}.items()
    return "".join(
        f'<rect x="{MARGIN + 110 * index}" y="{top + 6}" width="13" height="13" rx="3" fill="{tint}" stroke="{ink}"/>'
        f'<text x="{MARGIN + 110 * index + 19}" y="{top + 17}">{escape(stage)}</text>'
        for index, (stage, (tint, ink)) in enumerate(entries)
    )


def _stages() -> dict[str, tuple[str, str]]:
    """Tint and ink of each stage, in the order of the map."""
    names = list(dict.fromkeys(step.stage for step in STEPS))
    return {name: (TINTS[index % len(TINTS)], INKS[index % len(INKS)]) for index, name in enumerate(names)}


def _files() -> Iterator[str]:
    return (name for name in dict.fromkeys(name for step in STEPS for name in step.reads) if name[:5] == "file:")


def _id(name: str) -> str:
    return name.replace(".", "_step_").replace(":", "_")


def _shape(name: str) -> str:
    return f"[/{name[5:]}/]" if name.startswith("file:") else f"[({name})]"


if __name__ == "__main__":
    print(page())
