-- segment_names: one row per segment. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_names (
  segment       STRING        COMMENT 'Letter of the segment',
  name          STRING        COMMENT 'Name by what sets it apart, made by a rule',
  description   STRING        COMMENT 'The segment in a sentence',
  customers     BIGINT        COMMENT 'Customers in it',
  share         DOUBLE        COMMENT 'Share of all customers that are placed',
  balance_sum   DECIMAL(28,2) COMMENT 'Sum of their balances, Indian rupees',
  balance_share DOUBLE        COMMENT 'Share of the balances of all',
  amount_sum    DECIMAL(28,2) COMMENT 'Sum of what they moved, Indian rupees',
  amount_share  DOUBLE        COMMENT 'Share of what all moved',
  transactions  BIGINT        COMMENT 'Number of their transactions',
  checksum      STRING        COMMENT 'Of their customer numbers in any order: equal if the same customers are in it'
)
COMMENT 'Segments with their names, sizes and worth'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_names/empty';
