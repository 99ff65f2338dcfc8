-- forecast_decisions: one row per series: the published method, or why there is none.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_decisions (
  series     STRING COMMENT 'transactions or amount',
  method     STRING COMMENT 'Method that won the backtest; null if the data cannot be forecast',
  reason     STRING COMMENT 'Why the data cannot be forecast; null if they can',
  first_day  DATE   COMMENT 'First day with transactions',
  last_day   DATE   COMMENT 'Last day with transactions',
  span_days  INT    COMMENT 'Days from the first to the last',
  seen_days  INT    COMMENT 'Days with transactions',
  horizon    INT    COMMENT 'Days ahead that are forecast; 0 for none',
  tests      INT    COMMENT 'Tests of the backtest; 0 for none',
  later_mase DOUBLE COMMENT 'MASE from the fifth test on, if each test had used the method that was best in the tests before it'
)
COMMENT 'Chosen method of each forecast'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_decisions/empty';
