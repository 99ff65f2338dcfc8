-- city_volume: one row per day and city with transactions; the rows of a day add up to the bank.
-- Writer: explore.patterns. Read by: forecast.backtest.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.city_volume (
  transaction_date DATE          COMMENT 'Day',
  city             STRING        COMMENT 'One of the 50 cities with most transactions; (other) for all others and for transactions without a city',
  transactions     BIGINT        COMMENT 'Number of transactions',
  amount           DECIMAL(18,2) COMMENT 'Sum of the amounts, Indian rupees',
  balances         BIGINT        COMMENT 'Number of transactions with a known account balance',
  balance_sum      DECIMAL(18,2) COMMENT 'Sum of these balances, Indian rupees'
)
COMMENT 'Number and amount of transactions, and account balances, by day and city'
STORED AS PARQUET
LOCATION '${lake}/tables/city_volume/empty';
