-- age_patterns: one row per age band of each table.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.age_patterns (
  dataset    STRING COMMENT 'clients, credit or transactions',
  position   INT    COMMENT 'Order of the band, from 1; the band of unknown ages last',
  age_band   STRING COMMENT 'Years of age: under 25, 25-34, 35-44, 45-54, 55-64, 65 and over, unknown; for transactions the age on that day',
  row_count  BIGINT COMMENT 'Clients (clients, credit) or transactions',
  positives  BIGINT COMMENT 'Of them subscribed (clients) or defaulted (credit); null for transactions',
  rate       DOUBLE COMMENT 'positives / row_count, 0 to 1',
  rate_low   DOUBLE COMMENT 'Lower end of the Wilson 95 % interval of the rate',
  rate_high  DOUBLE COMMENT 'Upper end of the Wilson 95 % interval of the rate',
  mean_money DOUBLE COMMENT 'Mean balance (clients, euros), credit limit (credit, New Taiwan dollars) or amount (transactions, rupees)'
)
COMMENT 'Outcome and money by age'
STORED AS PARQUET
LOCATION '${lake}/tables/age_patterns/empty';
