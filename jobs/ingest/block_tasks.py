"""Spark tasks that check blocks of a raw file and write what they accept to the load's staging folder, through fsspec.

Each task reports its files to the driver, and only reported files count. Nobody reads what a failed attempt wrote.
"""

import gzip
import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from jobs.ingest.csv_lines import Line, Span, read_blocks, text_of
from jobs.ingest.kernel import Block, Kernel
from jobs.ingest.repeats import hashes

BLOCKS_PER_TASK = 4
REPORT = pa.schema([("report", pa.string())])
OTHERS = pa.schema([("line", pa.int64()), ("raw", pa.string())])


@dataclass(frozen=True)
class Report:
    """What a task made of a block; files are paths relative to the lake, empty if there is nothing to write.

    Attributes:
        span: the block.
        rows: number of accepted rows.
        nulled: number of accepted values that a rule set to null, by column.
        accepted: Parquet file of the accepted rows, in the table's columns.
        others: Parquet file with line and raw text of the lines that Spark must check.
        hashes: NumPy file with the sorted hashes of the accepted rows' unique column.

    """

    span: Span
    rows: int = 0
    nulled: dict[str, int] = field(default_factory=dict)
    accepted: str = ""
    others: str = ""
    hashes: str = ""


@dataclass(frozen=True)
class Worker:
    """What tasks need to know.

    Attributes:
        kernel: the checks.
        lake: the lake's address for fsspec.
        raw: path of the raw file, relative to the lake.
        gzipped: whether the raw file is gzipped; then its only span is the whole file.
        staging: folder for new files, relative to the lake.
        unique: name of the unique column; empty if there is none.

    """

    kernel: Kernel
    lake: str
    raw: str
    gzipped: bool
    staging: str
    unique: str

    def check(self, span: Span) -> Iterator[Report]:
        """Check the lines of a span and write the results."""
        for first, data in self.blocks(span):
            yield self.write(span._replace(line=first), self.kernel.check(data, first))

    def withdraw(self, report: Report, repeats: np.ndarray) -> Iterator[Report]:
        """Withdraw the accepted rows whose hashes are in `repeats`, so that Spark compares their values."""
        rows = pq.read_table(io.BytesIO(self.read(report.accepted)), coerce_int96_timestamp_unit="us")
        rows = rows.cast(self.kernel.schema)
        back = np.isin(hashes(rows[self.unique].combine_chunks()), repeats) & rows[self.unique].is_valid().to_numpy()
        lines = self.accepted_lines(report)
        if len(lines) != len(rows):
            raise RuntimeError(f"{report.span}: {len(rows)} accepted rows, {len(lines)} lines; please report this")
        others = [lines[at] for at in np.flatnonzero(back)]
        withdrawn = self.kernel.check("\n".join(line.text for line in others).encode(), 0).nulled
        nulled = {name: count - withdrawn[name] for name, count in report.nulled.items()}
        yield self.write(report.span, Block(rows.filter(pa.array(~back)), nulled, others))

    def accepted_lines(self, report: Report) -> list[Line]:
        """The lines of the accepted rows, in order: those that are neither blank nor were left to Spark."""
        others: set[int] = set()
        if report.others:
            others = set(pq.read_table(io.BytesIO(self.read(report.others)))["line"].to_pylist())
        data = next(data for first, data in self.blocks(report.span) if first == report.span.line)
        lines = enumerate(data.split(b"\n"), report.span.line)
        return [Line(number, text_of(line)) for number, line in lines if line.strip() and number not in others]

    def blocks(self, span: Span) -> Iterator[tuple[int, bytes]]:
        """The blocks of a span with the numbers of their first lines."""
        if not self.gzipped:
            yield span.line, self.read(self.raw, span.start, span.end)
            return
        filesystem, root = fsspec.core.url_to_fs(self.lake)
        with filesystem.open(f"{root}/{self.raw}", "rb") as packed, gzip.open(packed) as stream:
            stream.readline()
            first = 2
            for data in read_blocks(stream):  # type: ignore[arg-type]
                yield first, data
                first += data.count(b"\n")

    def write(self, span: Span, block: Block) -> Report:
        """Write the rows, lines and hashes of a block."""
        accepted = others = hashed = ""
        if len(block.rows):
            accepted = self.put(span, "parquet", partial(write_parquet, block.rows))
            if self.unique:
                hashed = self.put_hashes(span, block.rows[self.unique].combine_chunks())
        if block.others:
            numbers, texts = zip(*block.others, strict=True)
            table = pa.table([pa.array(numbers, pa.int64()), pa.array(texts, pa.string())], schema=OTHERS)
            others = self.put(span, "parquet", partial(pq.write_table, table))
        return Report(span, len(block.rows), block.nulled, accepted, others, hashed)

    def put_hashes(self, span: Span, values: pa.Array) -> str:
        """Write the hashes of values other than null, sorted, to a new file of the staging folder."""
        found = np.sort(hashes(values.drop_null()))
        return self.put(span, "npy", lambda target: np.save(target, found))

    def put(self, span: Span, ending: str, write: Callable[[io.BytesIO], object]) -> str:
        """Write a new file of the staging folder; returns its path relative to the lake."""
        path = f"{self.staging}/part-{span.line:012d}-{secrets.token_hex(4)}.{ending}"
        target = io.BytesIO()
        write(target)
        filesystem, root = fsspec.core.url_to_fs(self.lake)
        filesystem.pipe_file(f"{root}/{path}", target.getvalue())
        return path

    def read(self, path: str, start: int = 0, end: int | None = None) -> bytes:
        """The bytes of a file of the lake."""
        filesystem, root = fsspec.core.url_to_fs(self.lake)
        return bytes(filesystem.cat_file(f"{root}/{path}", start=start, end=end))


def write_parquet(rows: pa.Table, target: io.BytesIO) -> None:
    """Write Parquet as Spark does, so that Hive reads it in the same way: INT96 timestamps, decimals as integers."""
    pq.write_table(
        rows,
        target,
        compression="snappy",
        use_deprecated_int96_timestamps=True,
        store_decimal_as_integer=True,
        store_schema=False,
    )


def run(
    spark: SparkSession, tasks: list[Callable[[], Iterator[Report]]], per_task: int = BLOCKS_PER_TASK
) -> list[Report]:
    """Run functions as Spark tasks; returns all their reports."""
    count = len(tasks)
    numbers = spark.range(0, count, 1, -(-count // per_task))
    found = numbers.mapInArrow(partial(_run, tasks), "report string").collect()
    return [_parsed(row["report"]) for row in found]


def _run(tasks: list[Callable[[], Iterator[Report]]], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for number in batch["id"].to_pylist():
            for report in tasks[number]():
                yield pa.RecordBatch.from_pylist([{"report": json.dumps(asdict(report))}], REPORT)


def _parsed(text: str) -> Report:
    values = json.loads(text)
    return Report(**{**values, "span": Span(*values["span"])})


def write_hashes(worker: Worker, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Write the hashes of a DataFrame's only column, without nulls; reports the file of each batch."""
    for batch in batches:
        path = worker.put_hashes(Span(0, 0, 0), batch.column(0))
        yield pa.RecordBatch.from_pylist([{"report": path}], REPORT)


def read_hashes(worker: Worker, path: str) -> np.ndarray:
    """The sorted hashes of a file that a task wrote."""
    return np.asarray(np.load(io.BytesIO(worker.read(path))))
