-- forecast_scores: one row per series and method: its accuracy for the whole bank in the backtest. Intervals are 95 % intervals from
-- 2,000 bootstrap draws of whole tests.
-- Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_scores (
  series              STRING  COMMENT 'transactions, amount or balance',
  method              STRING  COMMENT 'seasonal_naive, exponential_smoothing, theta, gradient_boosting or combination',
  rank                INT     COMMENT '1 for the lowest MASE of the series; the simpler method is first if two are equal',
  published           BOOLEAN COMMENT 'True for the method that volume_forecast uses',
  tests               INT     COMMENT 'Tests, each one horizon long',
  days                INT     COMMENT 'Days tested',
  mase                DOUBLE  COMMENT 'Mean absolute error / mean change from one week to the next before the test',
  mase_low            DOUBLE  COMMENT 'Lower end of its interval',
  mase_high           DOUBLE  COMMENT 'Upper end of its interval',
  rmsse               DOUBLE  COMMENT 'Root mean squared error, scaled by the root mean square of the changes from one week to the next',
  smape               DOUBLE  COMMENT 'Symmetric mean absolute percentage error, 0 to 2',
  sum_ratio           DOUBLE  COMMENT 'Sum of the forecasts / sum of the actual values; below 1 because medians of skewed amounts are below their means',
  pinball             DOUBLE  COMMENT 'Twice the mean pinball loss of the 2.5, 10, 50, 90 and 97.5 % quantiles / the same scale as mase; approximates the CRPS',
  error_to_naive      DOUBLE  COMMENT 'mase / mase of the seasonal naive; below 1 is better than the naive',
  error_to_naive_low  DOUBLE  COMMENT 'Lower end of its interval, paired by test',
  error_to_naive_high DOUBLE  COMMENT 'Upper end of its interval, paired by test',
  interval_days       INT     COMMENT 'Tested days that have prediction intervals',
  coverage_80         DOUBLE  COMMENT 'Share of interval_days inside their 80 % interval, 0 to 1',
  coverage_95         DOUBLE  COMMENT 'Share of interval_days inside their 95 % interval, 0 to 1'
)
COMMENT 'Accuracy of each forecast method'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_scores/empty';
