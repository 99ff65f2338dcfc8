-- segment_dendrogram: one row per point of a dendrogram line, four points per merge. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_dendrogram (
  branch INT    COMMENT 'Number of the merge',
  point  INT    COMMENT 'Point of its line, 1 to 4',
  x      DOUBLE COMMENT 'Horizontal position; leaves are at 0, 1, 2, ...',
  y      DOUBLE COMMENT 'Ward distance of the merge'
)
COMMENT 'The top of the Ward hierarchy as lines for a chart'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_dendrogram/empty';
