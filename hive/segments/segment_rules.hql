-- segment_rules: one row per leaf of a small decision tree that explains the segments. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_rules (
  position  INT    COMMENT 'Place of the rule, the one with the most customers first',
  segment   STRING COMMENT 'Letter of the segment that the rule says',
  rule      STRING COMMENT 'Conditions, all of which hold',
  customers BIGINT COMMENT 'Customers of the test half to whom they apply',
  purity    DOUBLE COMMENT 'Share of these who are in that segment',
  accuracy  DOUBLE COMMENT 'Share of all of the test half whom the rules put right'
)
COMMENT 'Membership in a few rules, with their accuracy'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_rules/empty';
