-- segment_dendrogram: one row per point of a line of the dendrogram, four a merge. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_dendrogram (
  branch INT    COMMENT 'Number of the merge',
  point  INT    COMMENT 'Point of its line, 1 to 4',
  x      DOUBLE COMMENT 'Place from left to right; leaves are at 0, 1, 2, ...',
  y      DOUBLE COMMENT 'Distance by Ward at which the two merge'
)
COMMENT 'The top of the hierarchy by Ward, to draw'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_dendrogram/empty';
