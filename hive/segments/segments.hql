-- segments: one row per customer with at least one known feature. Writer: segments.assign.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segments (
  customer_id     STRING COMMENT 'Customer number',
  segment         STRING COMMENT 'Letter of the segment with the nearest centre',
  distance        DOUBLE COMMENT 'Distance to this centre, in the space of the model',
  membership      DOUBLE COMMENT 'Probability of this segment, if all segments are equally wide round clouds around their centres',
  second_segment  STRING COMMENT 'Letter of the segment with the second nearest centre; null if there is only one segment',
  second_distance DOUBLE COMMENT 'Distance to the second nearest centre',
  features_known  INT    COMMENT 'Number of model features known for the customer; only these enter the distances'
)
COMMENT 'Segment of each customer'
STORED AS PARQUET
LOCATION '${lake}/tables/segments/empty';
