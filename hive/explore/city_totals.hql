-- city_totals: one row per city among the top 20 by number or by total amount of transactions.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.city_totals (
  city           STRING        COMMENT 'City, as in transactions.city; transactions without a city are left out',
  transactions   BIGINT        COMMENT 'Number of transactions',
  amount         DECIMAL(18,2) COMMENT 'Sum of the amounts, Indian rupees',
  rank_by_count  INT           COMMENT '1 for the most transactions; ties by name',
  rank_by_amount INT           COMMENT '1 for the largest sum; ties by name'
)
COMMENT 'Cities with the most transactions'
STORED AS PARQUET
LOCATION '${lake}/tables/city_totals/empty';
