-- segment_movement: one row per pair of segments in the previous and the current run. Writer: segments.assign.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_movement (
  from_segment STRING COMMENT 'Letter in the previous run; null for new customers',
  to_segment   STRING COMMENT 'Letter in the current run; null for customers that no longer exist',
  customers    BIGINT COMMENT 'Number of customers with this movement'
)
COMMENT 'Movement between segments since the previous run; empty after the first run'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_movement/empty';
