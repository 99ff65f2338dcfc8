-- forecast_scores: one row per series and method: how near it came in the backtest. Writer: forecast.backtest.
-- Intervals of the scores: 95 %, by 2,000 bootstrap draws of whole tests.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_scores (
  series              STRING  COMMENT 'transactions or amount',
  method              STRING  COMMENT 'seasonal_naive, exponential_smoothing or gradient_boosting',
  rank                INT     COMMENT '1 for the lowest MASE of the series; of equal ones the simpler method is first',
  published           BOOLEAN COMMENT 'True for the method that volume_forecast uses',
  tests               INT     COMMENT 'Tests, each of a whole horizon',
  days                INT     COMMENT 'Days tested',
  mase                DOUBLE  COMMENT 'Mean absolute error / mean change from week to week before the test',
  mase_low            DOUBLE  COMMENT 'Lower end of its interval',
  mase_high           DOUBLE  COMMENT 'Upper end of its interval',
  smape               DOUBLE  COMMENT 'Symmetric mean absolute percentage error, 0 to 2',
  sum_ratio           DOUBLE  COMMENT 'Sum of the forecasts / sum of what came: the middle of a skewed day is below its mean',
  error_to_naive      DOUBLE  COMMENT 'mase / mase of the seasonal naive: below 1 is better than it',
  error_to_naive_low  DOUBLE  COMMENT 'Lower end of its interval, in pairs of the same tests',
  error_to_naive_high DOUBLE  COMMENT 'Upper end of its interval',
  interval_days       INT     COMMENT 'Tested days that have prediction intervals',
  coverage_80         DOUBLE  COMMENT 'Share of them inside their 80 % interval, 0 to 1',
  coverage_95         DOUBLE  COMMENT 'Share of them inside their 95 % interval, 0 to 1'
)
COMMENT 'How near each way to forecast came'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_scores/empty';
