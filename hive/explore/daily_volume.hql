-- daily_volume: one row per day with transactions, in order of the day.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.daily_volume (
  transaction_date DATE          COMMENT 'Day',
  weekday          INT           COMMENT '1 Monday to 7 Sunday',
  transactions     BIGINT        COMMENT 'Number of transactions',
  amount           DECIMAL(18,2) COMMENT 'Sum of the amounts, Indian rupees'
)
COMMENT 'Number and total amount of transactions by day'
STORED AS PARQUET
LOCATION '${lake}/tables/daily_volume/empty';
