-- forecast_decisions: one row per series: the published method, or why there is none.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_decisions (
  series             STRING COMMENT 'transactions, amount, balance or defaults',
  method             STRING COMMENT 'Method that won the backtest; null if the series cannot be forecast',
  reconciliation     STRING COMMENT 'How the forecasts of cities and bank were made to add up: bottom_up or mint; none for the bank alone',
  reason             STRING COMMENT 'Why the series cannot be forecast; null if it can',
  first_day          DATE   COMMENT 'First day with transactions',
  last_day           DATE   COMMENT 'Last day with transactions',
  span_days          INT    COMMENT 'Days from the first to the last',
  seen_days          INT    COMMENT 'Days with transactions',
  horizon            INT    COMMENT 'Days ahead that are forecast; 0 for none',
  tests              INT    COMMENT 'Tests of the backtest; 0 for none',
  cities             INT    COMMENT 'Cities that are forecast beside the whole bank',
  later_mase         DOUBLE COMMENT 'MASE from the fifth test on, if each test had used the method that was best in the tests before it',
  weekly_coverage_80 DOUBLE COMMENT 'Share of the tested weeks of the whole bank inside their 80 % interval, 0 to 1',
  weekly_coverage_95 DOUBLE COMMENT 'Share of the tested weeks of the whole bank inside their 95 % interval, 0 to 1'
)
COMMENT 'Chosen method of each forecast'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_decisions/empty';
