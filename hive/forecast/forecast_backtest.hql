-- forecast_backtest: one row per series, method and tested day: what was forecast knowing only the days before the test.
-- Writer: forecast.backtest.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_backtest (
  series           STRING        COMMENT 'transactions (their number) or amount (their sum, Indian rupees)',
  method           STRING        COMMENT 'seasonal_naive, exponential_smoothing or gradient_boosting',
  test             INT           COMMENT 'Number of the test from 1, the earliest first',
  origin_date      DATE          COMMENT 'The last day that the method knew',
  transaction_date DATE          COMMENT 'The day that was forecast',
  horizon          INT           COMMENT 'Days ahead of origin_date, from 1',
  actual           DECIMAL(18,2) COMMENT 'What came; transactions or rupees',
  forecast         DECIMAL(18,2) COMMENT 'What had been forecast',
  low_80           DECIMAL(18,2) COMMENT 'Lower end of the 80 % interval by the tests before; null for the first four tests',
  high_80          DECIMAL(18,2) COMMENT 'Upper end of the 80 % interval by the tests before',
  low_95           DECIMAL(18,2) COMMENT 'Lower end of the 95 % interval by the tests before',
  high_95          DECIMAL(18,2) COMMENT 'Upper end of the 95 % interval by the tests before',
  scale            DOUBLE        COMMENT 'Mean change from week to week in the days known at the origin',
  scaled_error     DOUBLE        COMMENT '|actual - forecast| / scale; its mean is MASE'
)
COMMENT 'Forecasts of past days beside what came'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_backtest/empty';
