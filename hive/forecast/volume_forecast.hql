-- volume_forecast: one row per series, city and coming day, by the method that won the backtest. A series whose data are
-- too short or too irregular has no rows; forecast_decisions says why. Cities add up to the bank.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.volume_forecast (
  series           STRING        COMMENT 'transactions (their number), amount (their sum, Indian rupees) or balance (mean account balance at the transactions, rupees)',
  city             STRING        COMMENT 'City as in city_volume; empty for the whole bank',
  transaction_date DATE          COMMENT 'Day that is forecast',
  horizon          INT           COMMENT 'Days ahead of the last known day, from 1',
  holiday          STRING        COMMENT 'Name of the public holiday on that day; null on other days',
  method           STRING        COMMENT 'seasonal_naive, exponential_smoothing, theta, gradient_boosting or combination',
  reconciliation   STRING        COMMENT 'bottom_up or mint; none for a series of the bank alone',
  forecast         DECIMAL(18,2) COMMENT 'Median forecast; transactions or rupees',
  mean             DECIMAL(18,2) COMMENT 'Mean forecast, to be summed over days: the median times actual sum / forecast sum of the backtest',
  low_80           DECIMAL(18,2) COMMENT 'Lower end of the 80 % prediction interval',
  high_80          DECIMAL(18,2) COMMENT 'Upper end of the 80 % prediction interval',
  low_95           DECIMAL(18,2) COMMENT 'Lower end of the 95 % prediction interval',
  high_95          DECIMAL(18,2) COMMENT 'Upper end of the 95 % prediction interval'
)
COMMENT 'Forecast of daily transactions, amounts and balances, with intervals'
STORED AS PARQUET
LOCATION '${lake}/tables/volume_forecast/empty';
