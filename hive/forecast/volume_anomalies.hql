-- volume_anomalies: one row per run of unusual days in the history of a city or of the whole bank, and per level shift.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.volume_anomalies (
  series    STRING  COMMENT 'transactions, amount or balance',
  city      STRING  COMMENT 'City as in city_volume; empty for the whole bank',
  kind      STRING  COMMENT 'outage, surge or level shift',
  first_day DATE    COMMENT 'First unusual day; of a level shift, the first day at the new level',
  last_day  DATE    COMMENT 'Last unusual day; of a level shift, the last day of the history',
  actual    DOUBLE  COMMENT 'Mean actual value per day; of a level shift, in the 28 days after it',
  expected  DOUBLE  COMMENT 'Mean value per day by the calendar regression; of a level shift, the level before it',
  change    DOUBLE  COMMENT 'actual / expected - 1',
  excluded  BOOLEAN COMMENT 'True if the forecast does not learn from these days'
)
COMMENT 'Unusual days and level shifts in the daily volume'
STORED AS PARQUET
LOCATION '${lake}/tables/volume_anomalies/empty';
