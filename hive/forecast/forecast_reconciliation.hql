-- forecast_reconciliation: one row per series, reconciliation and level: the accuracy of the published method in the
-- tests that have intervals. Writer: forecast.backtest. See docs/forecast.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.forecast_reconciliation (
  series         STRING  COMMENT 'transactions, amount or balance',
  method         STRING  COMMENT 'Method whose forecasts were reconciled',
  reconciliation STRING  COMMENT 'none (base forecasts, which do not add up), bottom_up or mint',
  level          STRING  COMMENT 'bank or city',
  cities         INT     COMMENT 'Number of cities at this level; 0 for the bank',
  days           BIGINT  COMMENT 'Tested days of all cities together',
  mase           DOUBLE  COMMENT 'Mean of their scaled errors',
  rmsse          DOUBLE  COMMENT 'Root mean squared scaled error, averaged over the cities',
  coverage_80    DOUBLE  COMMENT 'Share of the days inside their 80 % interval, 0 to 1',
  coverage_95    DOUBLE  COMMENT 'Share of the days inside their 95 % interval, 0 to 1',
  published      BOOLEAN COMMENT 'True for the reconciliation that volume_forecast uses'
)
COMMENT 'Accuracy of reconciled forecasts'
STORED AS PARQUET
LOCATION '${lake}/tables/forecast_reconciliation/empty';
