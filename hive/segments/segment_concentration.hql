-- segment_concentration: one row per measure and top of the customers. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_concentration (
  measure   STRING COMMENT 'Column of customers: balance or amount_sum',
  top       DOUBLE COMMENT 'Share of the customers of whom it is known, those with the most of it',
  customers BIGINT COMMENT 'How many these are',
  held      DOUBLE COMMENT 'Share of the sum of all that they have; null if that is not above zero'
)
COMMENT 'How much the customers with the most of it hold'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_concentration/empty';
