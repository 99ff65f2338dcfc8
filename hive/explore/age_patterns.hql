-- age_patterns: one row per age band of each table.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.age_patterns (
  dataset    STRING COMMENT 'clients, credit or transactions',
  position   INT    COMMENT 'Order of the bands, from 1; unknown comes last',
  age_band   STRING COMMENT 'Age in years: under 25, 25-34, 35-44, 45-54, 55-64, 65 and over, unknown; for transactions on the day of the transaction',
  row_count  BIGINT COMMENT 'Number of clients (clients, credit) or transactions',
  positives  BIGINT COMMENT 'Number that subscribed (clients) or defaulted (credit); null for transactions',
  rate       DOUBLE COMMENT 'positives / row_count, 0 to 1',
  rate_low   DOUBLE COMMENT 'Lower end of the Wilson 95 % interval of the rate',
  rate_high  DOUBLE COMMENT 'Upper end of the Wilson 95 % interval of the rate',
  mean_money DOUBLE COMMENT 'Mean balance (clients, euros), credit limit (credit, New Taiwan dollars) or amount (transactions, rupees)'
)
COMMENT 'Outcome rate and mean amount by age band'
STORED AS PARQUET
LOCATION '${lake}/tables/age_patterns/empty';
