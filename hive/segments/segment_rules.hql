-- segment_rules: one row per leaf of a small decision tree that explains the segments. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_rules (
  position  INT    COMMENT 'Position of the rule; the rule with the most customers is first',
  segment   STRING COMMENT 'Letter of the segment that the rule predicts',
  rule      STRING COMMENT 'Conditions, all of which must hold',
  customers BIGINT COMMENT 'Customers of the test half that meet the conditions',
  purity    DOUBLE COMMENT 'Share of these customers that are in the segment',
  accuracy  DOUBLE COMMENT 'Share of the whole test half that the rules classify correctly'
)
COMMENT 'Rules that explain who belongs to which segment, with their accuracy'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_rules/empty';
