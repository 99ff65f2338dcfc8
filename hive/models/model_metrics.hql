-- model_metrics: one row per candidate, evaluation and metric.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.model_metrics (
  evaluation STRING COMMENT 'random_cv (BANK_FOLDS folds), time_ordered (trained on the earlier 70 %), time_ordered_stable (the same, without columns that moved), with_leaking_columns (folds with columns known only afterwards: for comparison with the literature only)',
  candidate  STRING COMMENT 'logistic, forest, boosting, xgboost or average',
  chosen     BOOLEAN COMMENT 'True for the candidate registered as this version; in order of time for what did best within the earlier rows',
  metric     STRING COMMENT 'roc_auc, pr_auc, ks, brier, accuracy, majority_accuracy, f1, recall or precision; the last ones at the threshold by profit',
  value      DOUBLE COMMENT 'The figure, from scores of clients that the model had not seen; null if there is only one class',
  low        DOUBLE COMMENT 'Lower end of the 95 % bootstrap interval',
  high       DOUBLE COMMENT 'Upper end of the 95 % bootstrap interval',
  clients    BIGINT COMMENT 'Clients that were scored'
)
COMMENT 'Figures of every candidate with 95 % bootstrap intervals'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/model_metrics/empty';
