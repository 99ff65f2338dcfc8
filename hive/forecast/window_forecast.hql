-- window_forecast: one row per coming day and slot of ten minutes: the bank's forecast, for the windows of the stream.
-- Writer: forecast.windows. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.window_forecast (
  transaction_date DATE   COMMENT 'Day',
  slot             INT    COMMENT 'Slot of ten minutes, from 0 (0:00 to 0:10) to 143',
  expected         DOUBLE COMMENT 'Mean forecast of the number of transactions'
)
COMMENT 'Forecast of transactions in windows of ten minutes'
STORED AS PARQUET
LOCATION '${lake}/tables/window_forecast/empty';
