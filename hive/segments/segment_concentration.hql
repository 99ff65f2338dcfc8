-- segment_concentration: one row per measure and share of top customers. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_concentration (
  measure   STRING COMMENT 'Column of customers: balance or amount_sum',
  top       DOUBLE COMMENT 'Share of top customers, among customers with a known value',
  customers BIGINT COMMENT 'Number of these top customers',
  held      DOUBLE COMMENT 'Their share of the total; null if the total is not positive'
)
COMMENT 'Share of balances and of transaction value held by the top customers'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_concentration/empty';
