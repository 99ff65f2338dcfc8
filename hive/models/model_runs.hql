-- model_runs: one row per use case and night.
-- Writer: models.promote. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.model_runs (
  decision           STRING  COMMENT 'first (there was no champion), better, kept, contract (the champion may see other columns than the contract allows now, or is lost), unchanged (nothing was retrained) or rolled back (by hand)',
  won                BOOLEAN COMMENT 'True if the challenger became champion',
  reason             STRING  COMMENT 'Why, in words',
  candidate          STRING  COMMENT 'Kind of the challenger',
  champion_version   INT     COMMENT 'Version that is champion after the night',
  old_version        INT     COMMENT 'Version that was champion before, 0 if none',
  challenger_version INT     COMMENT 'Version that was judged last',
  holdout_rows       BIGINT  COMMENT 'Rows on which both were scored, 0 if they were not compared',
  champion_auc       DOUBLE  COMMENT 'ROC-AUC of the old champion on them',
  challenger_auc     DOUBLE  COMMENT 'ROC-AUC of the challenger on them',
  difference         DOUBLE  COMMENT 'challenger_auc - champion_auc',
  difference_low     DOUBLE  COMMENT 'Lower end of its 95 % interval, by paired bootstrap',
  difference_high    DOUBLE  COMMENT 'Upper end of its 95 % interval'
)
COMMENT 'Who is champion and why: one row a night'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', run_date STRING COMMENT 'Date of the night, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/model_runs/empty';
