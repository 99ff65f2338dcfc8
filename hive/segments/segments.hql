-- segments: one row per customer who can be placed. Writer: segments.assign.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segments (
  customer_id     STRING COMMENT 'Customer number',
  segment         STRING COMMENT 'Letter of the segment with the nearest centre',
  distance        DOUBLE COMMENT 'Distance to that centre, in the space of the model',
  second_segment  STRING COMMENT 'Letter of the segment that comes second',
  second_distance DOUBLE COMMENT 'Distance to its centre',
  features_known  INT    COMMENT 'Features of the model that are known of the customer; distances are by these'
)
COMMENT 'Segment of each customer'
STORED AS PARQUET
LOCATION '${lake}/tables/segments/empty';
