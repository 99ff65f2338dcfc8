-- segment_profiles: one row per segment and feature. Writer: segments.profile.
-- Sizes and value are in segment_names; gender, age bands, cities and times are in segment_groups.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_profiles (
  segment STRING COMMENT 'Letter of the segment',
  feature STRING COMMENT 'Column of customers',
  known   BIGINT COMMENT 'Customers of the segment with a known value',
  centre  DOUBLE COMMENT 'Mean, original unit',
  minimum DOUBLE COMMENT 'Smallest value',
  p05     DOUBLE COMMENT '5th percentile; from a sample if there are many customers',
  median  DOUBLE COMMENT 'Median; from the same sample',
  p95     DOUBLE COMMENT '95th percentile; from the same sample',
  maximum DOUBLE COMMENT 'Largest value'
)
COMMENT 'Distribution of the main features by segment, in original units'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_profiles/empty';
