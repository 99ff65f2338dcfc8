-- model_metrics: one row per evaluation, candidate and metric.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.model_metrics (
  evaluation STRING  COMMENT 'random_cv (BANK_FOLDS folds), time_ordered (trained on the earlier 70 %), time_ordered_stable (the same without unstable columns), with_leaking_columns (folds with columns known only afterwards, to compare with the literature)',
  candidate  STRING  COMMENT 'logistic, forest, boosting, xgboost or average',
  chosen     BOOLEAN COMMENT 'True for the candidate registered as this version; in the time-ordered evaluations, for the one that did best within the earlier rows',
  metric     STRING  COMMENT 'roc_auc, pr_auc, ks, brier, accuracy, majority_accuracy, f1, recall or precision; the last five use the profit threshold',
  value      DOUBLE  COMMENT 'Value by scores of clients that the model had not seen; null if there is only one class',
  low        DOUBLE  COMMENT 'Lower end of the 95 % bootstrap interval',
  high       DOUBLE  COMMENT 'Upper end of the 95 % bootstrap interval',
  clients    BIGINT  COMMENT 'Clients scored'
)
COMMENT 'Metrics of every candidate with 95 % bootstrap intervals'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/model_metrics/empty';
