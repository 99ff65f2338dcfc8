-- daily_volume: one row per day that has transactions, in order.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.daily_volume (
  transaction_date DATE          COMMENT 'The day',
  weekday          INT           COMMENT '1 Monday to 7 Sunday',
  transactions     BIGINT        COMMENT 'Transactions of the day',
  amount           DECIMAL(18,2) COMMENT 'Sum of their amounts, Indian rupees'
)
COMMENT 'Number and sum of transactions by day'
STORED AS PARQUET
LOCATION '${lake}/tables/daily_volume/empty';
