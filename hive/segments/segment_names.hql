-- segment_names: one row per segment. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_names (
  segment       STRING        COMMENT 'Letter of the segment',
  name          STRING        COMMENT 'Generated name: the features in which the segment differs most from all customers',
  description   STRING        COMMENT 'Size, value and typical customer in two sentences',
  customers     BIGINT        COMMENT 'Number of customers',
  share         DOUBLE        COMMENT 'Share of all customers with a segment',
  balance_sum   DECIMAL(28,2) COMMENT 'Sum of balances, Indian rupees',
  balance_share DOUBLE        COMMENT 'Share of the balances of all segments',
  amount_sum    DECIMAL(28,2) COMMENT 'Sum of transaction amounts, Indian rupees',
  amount_share  DOUBLE        COMMENT 'Share of the transaction amounts of all segments',
  transactions  BIGINT        COMMENT 'Number of transactions',
  checksum      STRING        COMMENT 'Checksum of the customer numbers in any order: equal if the segment has the same customers'
)
COMMENT 'Segments with their names, sizes and value'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_names/empty';
