-- forecast_decisions: one row per series: what is published, or why nothing is. Writer: forecast.backtest.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_decisions (
  series     STRING COMMENT 'transactions or amount',
  method     STRING COMMENT 'The method that won the backtest; null if the data cannot be forecast',
  reason     STRING COMMENT 'Why they cannot, as a sentence; null if they can',
  first_day  DATE   COMMENT 'First day with transactions',
  last_day   DATE   COMMENT 'Last day with transactions',
  span_days  INT    COMMENT 'Days from the first to the last',
  seen_days  INT    COMMENT 'Of these, days that have transactions',
  horizon    INT    COMMENT 'Days ahead that are forecast; 0 for none',
  tests      INT    COMMENT 'Tests of the backtest; 0 for none',
  later_mase DOUBLE COMMENT 'MASE from the fifth test on, had each test used the method that won the tests before it'
)
COMMENT 'What was decided about each forecast'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_decisions/empty';
