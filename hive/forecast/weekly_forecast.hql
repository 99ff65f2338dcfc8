-- weekly_forecast: one row per series, city and coming week of seven days after the last known day.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.weekly_forecast (
  series    STRING        COMMENT 'transactions or amount',
  city      STRING        COMMENT 'City as in city_volume; empty for the whole bank',
  first_day DATE          COMMENT 'First day of the week',
  last_day  DATE          COMMENT 'Last day of the week',
  total     DECIMAL(18,2) COMMENT 'Sum of the mean forecasts; transactions or rupees',
  low_80    DECIMAL(18,2) COMMENT 'Lower end of the 80 % prediction interval of the total',
  high_80   DECIMAL(18,2) COMMENT 'Upper end of the 80 % prediction interval',
  low_95    DECIMAL(18,2) COMMENT 'Lower end of the 95 % prediction interval',
  high_95   DECIMAL(18,2) COMMENT 'Upper end of the 95 % prediction interval'
)
COMMENT 'Forecast of weekly totals, with intervals'
STORED AS PARQUET
LOCATION '${lake}/tables/weekly_forecast/empty';
