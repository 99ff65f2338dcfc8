-- forecast_backtest: one row per series, city, method and tested day. Each forecast uses only the days before the test.
-- The rows of every method before reconciliation are about the whole bank; the published ones are also about each city.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_backtest (
  series           STRING        COMMENT 'transactions (their number), amount (their sum, Indian rupees) or balance (mean account balance at the transactions, rupees)',
  city             STRING        COMMENT 'City as in city_volume; empty for the whole bank',
  method           STRING        COMMENT 'seasonal_naive, exponential_smoothing, theta, gradient_boosting or combination',
  reconciliation   STRING        COMMENT 'bottom_up or mint, so that cities add up to the bank; none before reconciliation',
  test             INT           COMMENT 'Number of the test from 1, the earliest first',
  origin_date      DATE          COMMENT 'Last day that the method used',
  transaction_date DATE          COMMENT 'Day that was forecast',
  horizon          INT           COMMENT 'Days ahead of origin_date, from 1',
  actual           DECIMAL(18,2) COMMENT 'Actual value; transactions or rupees',
  forecast         DECIMAL(18,2) COMMENT 'Forecast median; transactions or rupees',
  low_80           DECIMAL(18,2) COMMENT 'Lower end of the 80 % interval from the tests before; null for the first four tests',
  high_80          DECIMAL(18,2) COMMENT 'Upper end of the 80 % interval',
  low_95           DECIMAL(18,2) COMMENT 'Lower end of the 95 % interval',
  high_95          DECIMAL(18,2) COMMENT 'Upper end of the 95 % interval',
  scale            DOUBLE        COMMENT 'Mean absolute change from one week to the next in the days up to origin_date',
  rms_scale        DOUBLE        COMMENT 'Root mean square of these changes',
  scaled_error     DOUBLE        COMMENT '|actual - forecast| / scale; its mean is MASE'
)
COMMENT 'Forecasts of past days and the actual values'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_backtest/empty';
