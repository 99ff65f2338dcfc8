-- maintenance_runs: what each day's maintenance removed or rewrote. Writer: maintenance.clean.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.maintenance_runs (
  what   STRING COMMENT 'unfinished: left by a killed job; staging: work files of a job that ended; compacted: a table of small files, rewritten',
  folder STRING COMMENT 'Folder in the lake, relative to it',
  files  BIGINT COMMENT 'Files removed, or files before the rewrite',
  bytes  BIGINT COMMENT 'Their size'
)
COMMENT 'Folders that maintenance removed or rewrote, by run date'
PARTITIONED BY (run_date STRING COMMENT 'Day of the run, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/maintenance_runs/empty';
