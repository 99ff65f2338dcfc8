-- intraday_volume: one row per weekday and slot of ten minutes with transactions.
-- Writer: explore.patterns. Read by: forecast.windows.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.intraday_volume (
  weekday      INT    COMMENT '1 Monday to 7 Sunday',
  slot         INT    COMMENT 'Slot of ten minutes, from 0 (0:00 to 0:10) to 143',
  transactions BIGINT COMMENT 'Number of transactions on all days together'
)
COMMENT 'Number of transactions by weekday and time of day'
STORED AS PARQUET
LOCATION '${lake}/tables/intraday_volume/empty';
