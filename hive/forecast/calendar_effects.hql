-- calendar_effects: one row per series and calendar effect on the whole bank, from a regression of the log volume.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.calendar_effects (
  series      STRING COMMENT 'transactions, amount or balance',
  effect      STRING COMMENT 'Name of a public holiday, day before a holiday, or a day of the month: day 1 to day 10, last day, last day -1, last day -2',
  kind        STRING COMMENT 'holiday or day of the month',
  days        INT    COMMENT 'Days of the history to which it applies',
  factor      DOUBLE COMMENT 'Volume relative to an ordinary day of the same weekday and season',
  factor_low  DOUBLE COMMENT 'Lower end of its 95 % confidence interval',
  factor_high DOUBLE COMMENT 'Upper end of its 95 % confidence interval'
)
COMMENT 'Effects of holidays and days of the month on the daily volume'
STORED AS PARQUET
LOCATION '${lake}/tables/calendar_effects/empty';
