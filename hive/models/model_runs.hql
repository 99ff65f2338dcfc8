-- model_runs: one row per use case and run date.
-- Writer: models.promote. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.model_runs (
  decision           STRING  COMMENT 'first (there was no champion), better, kept, contract (the allowed columns have changed since the champion was trained, or its files are lost), unchanged (nothing was retrained) or rolled back (by hand)',
  won                BOOLEAN COMMENT 'True if the challenger became champion',
  reason             STRING  COMMENT 'Reason for the decision',
  candidate          STRING  COMMENT 'Candidate of the challenger',
  champion_version   INT     COMMENT 'Champion after the run',
  old_version        INT     COMMENT 'Champion before the run, 0 if there was none',
  challenger_version INT     COMMENT 'Version compared last',
  holdout_rows       BIGINT  COMMENT 'Rows on which both were scored, 0 if they were not compared',
  champion_auc       DOUBLE  COMMENT 'ROC-AUC of the old champion on these rows',
  challenger_auc     DOUBLE  COMMENT 'ROC-AUC of the challenger on these rows',
  difference         DOUBLE  COMMENT 'challenger_auc - champion_auc',
  difference_low     DOUBLE  COMMENT 'Lower end of its 95 % interval, by paired bootstrap',
  difference_high    DOUBLE  COMMENT 'Upper end of its 95 % interval'
)
COMMENT 'Champion after each run, and why'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', run_date STRING COMMENT 'Run date, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/model_runs/empty';
