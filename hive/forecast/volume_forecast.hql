-- volume_forecast: one row per series and coming day, by the method that won the backtest. A series whose data are too
-- short or too irregular has no rows; forecast_decisions says why.
-- Writer: forecast.publish. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.volume_forecast (
  series           STRING        COMMENT 'transactions (their number) or amount (their sum, Indian rupees)',
  transaction_date DATE          COMMENT 'Day that is forecast',
  horizon          INT           COMMENT 'Days ahead of the last known day, from 1',
  method           STRING        COMMENT 'seasonal_naive, exponential_smoothing or gradient_boosting',
  forecast         DECIMAL(18,2) COMMENT 'Median forecast; transactions or rupees',
  low_80           DECIMAL(18,2) COMMENT 'Lower end of the 80 % prediction interval',
  high_80          DECIMAL(18,2) COMMENT 'Upper end of the 80 % prediction interval',
  low_95           DECIMAL(18,2) COMMENT 'Lower end of the 95 % prediction interval',
  high_95          DECIMAL(18,2) COMMENT 'Upper end of the 95 % prediction interval'
)
COMMENT 'Forecast of daily transactions and amounts, with intervals'
STORED AS PARQUET
LOCATION '${lake}/tables/volume_forecast/empty';
