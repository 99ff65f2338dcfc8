-- segment_model: one row per segment and feature: all that it takes to place a customer. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_model (
  segment   STRING        COMMENT 'Letter of the segment; stays from run to run',
  feature   STRING        COMMENT 'Column of customers',
  treatment STRING        COMMENT 'winsorised: cut; log: cut, then signed log1p; quantile: share of the knots not above it',
  low       DOUBLE        COMMENT 'Values below are cut to it',
  high      DOUBLE        COMMENT 'Values above are cut to it',
  knots     ARRAY<DOUBLE> COMMENT 'Percentiles 1 to 99, for quantile',
  mean      DOUBLE        COMMENT 'Taken off after that',
  deviation DOUBLE        COMMENT 'Divided by after that',
  centre    DOUBLE        COMMENT 'Centre of the segment in that space',
  typical   DOUBLE        COMMENT 'Median of the feature in the segment, original unit'
)
COMMENT 'The saved model that places customers into segments'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_model/empty';
