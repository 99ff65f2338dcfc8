-- subscription_rates: one row per category or band of each column of clients.
-- Writer: explore.describe. Bands end at exact deciles.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.subscription_rates (
  feature          STRING  COMMENT 'Column of clients',
  kind             STRING  COMMENT 'category: one value of the column; band: a tenth of the rows, or more where values repeat',
  position         INT     COMMENT 'Order within the feature, from 1: bands by value, categories by text, null last',
  value            STRING  COMMENT 'The category, or the band as `low to high`; null where the column is null',
  low              DOUBLE  COMMENT 'Smallest value in the band; null for categories',
  high             DOUBLE  COMMENT 'Largest value in the band; null for categories',
  row_count        BIGINT  COMMENT 'Number of clients',
  positives        BIGINT  COMMENT 'Number of clients who subscribed to a term deposit',
  rate             DOUBLE  COMMENT 'positives / row_count, 0 to 1',
  rate_low         DOUBLE  COMMENT 'Lower end of the Wilson 95 % interval of the rate',
  rate_high        DOUBLE  COMMENT 'Upper end of the Wilson 95 % interval of the rate',
  known_afterwards BOOLEAN COMMENT 'True if the contract marks the column as known only after the outcome, so models must not use it'
)
COMMENT 'Share of clients who subscribed to a term deposit, by category and band of every column'
STORED AS PARQUET
LOCATION '${lake}/tables/subscription_rates/empty';
