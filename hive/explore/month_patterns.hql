-- month_patterns: one row per month with contacts, in calendar order.
-- Writer: explore.patterns.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.month_patterns (
  month_number INT    COMMENT '1 January to 12 December',
  month        STRING COMMENT 'jan to dec, over all years',
  contacts     BIGINT COMMENT 'Number of clients whose last contact was in the month',
  subscribed   BIGINT COMMENT 'Number of these clients who subscribed to a term deposit',
  rate         DOUBLE COMMENT 'subscribed / contacts, 0 to 1',
  rate_low     DOUBLE COMMENT 'Lower end of the Wilson 95 % interval of the rate',
  rate_high    DOUBLE COMMENT 'Upper end of the Wilson 95 % interval of the rate'
)
COMMENT 'Contacts and subscriptions by month of the year'
STORED AS PARQUET
LOCATION '${lake}/tables/month_patterns/empty';
