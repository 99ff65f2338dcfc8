-- place_totals: one row per place that is among the first 20 by number or by sum of transactions.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.place_totals (
  place          STRING        COMMENT 'Place in capitals without outer spaces, otherwise as written; rows without a place are left out',
  transactions   BIGINT        COMMENT 'Transactions of the place',
  amount         DECIMAL(18,2) COMMENT 'Sum of their amounts, Indian rupees',
  rank_by_count  INT           COMMENT '1 for most transactions; ties by name',
  rank_by_amount INT           COMMENT '1 for the largest sum; ties by name'
)
COMMENT 'Places with the most transactions'
STORED AS PARQUET
LOCATION '${lake}/tables/place_totals/empty';
