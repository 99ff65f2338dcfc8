-- segment_profiles: one row per segment and feature; sizes and worth are in segment_names, gender, age bands, places and
-- times in segment_groups. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_profiles (
  segment STRING COMMENT 'Letter of the segment',
  feature STRING COMMENT 'Column of customers',
  known   BIGINT COMMENT 'Customers of the segment of whom it is known',
  centre  DOUBLE COMMENT 'Mean, original unit',
  minimum DOUBLE COMMENT 'Smallest value',
  p05     DOUBLE COMMENT '5 % are below; from a sample if there are many customers',
  median  DOUBLE COMMENT 'Half are below; from the same sample',
  p95     DOUBLE COMMENT '95 % are below; from the same sample',
  maximum DOUBLE COMMENT 'Largest value'
)
COMMENT 'Key features by segment, in original units'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_profiles/empty';
