-- importances: one row per column or derived feature.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.importances (
  column_name    STRING COMMENT 'Column of the table, or derived feature',
  permutation    DOUBLE COMMENT 'Fall of ROC-AUC on unseen rows if the column is shuffled; null for derived features, which follow their columns',
  permutation_sd DOUBLE COMMENT 'Standard deviation over the repeats',
  mean_abs_shap  DOUBLE COMMENT 'Mean size of the SHAP value in log-odds, of the XGBoost model; null for a column used only through derived features'
)
COMMENT 'How much each column matters to the challenger'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/importances/empty';
