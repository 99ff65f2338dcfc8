-- segment_movement: one row per pair of segments of the run before and of this one. Writer: segments.assign.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_movement (
  from_segment STRING COMMENT 'Letter in the run before; null for customers who are new',
  to_segment   STRING COMMENT 'Letter now; null for customers who are gone',
  customers    BIGINT COMMENT 'Customers who went that way'
)
COMMENT 'Movement between segments from one run to the next; empty after the first'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_movement/empty';
