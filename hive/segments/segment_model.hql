-- segment_model: one row per segment and feature; everything needed to assign a customer. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_model (
  segment   STRING        COMMENT 'Letter of the segment; stable from run to run',
  feature   STRING        COMMENT 'Column of customers',
  treatment STRING        COMMENT 'winsorised: clip; log: clip, then signed log1p; quantile: share of knots not above the value',
  low       DOUBLE        COMMENT 'Smaller values are clipped to it',
  high      DOUBLE        COMMENT 'Larger values are clipped to it',
  knots     ARRAY<DOUBLE> COMMENT 'Percentiles 1 to 99, for quantile',
  mean      DOUBLE        COMMENT 'Subtracted after the treatment',
  deviation DOUBLE        COMMENT 'Divides the result',
  centre    DOUBLE        COMMENT 'Centre of the segment in the resulting space',
  variance  DOUBLE        COMMENT 'Mean squared distance to the centre per feature, in the resulting space; the same for all segments',
  typical   DOUBLE        COMMENT 'Median of the feature in the segment, original unit'
)
COMMENT 'The saved model that assigns customers to segments'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_model/empty';
