-- maintenance_runs: one row per folder that maintenance removed or rewrote. Writer: maintenance.clean.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.maintenance_runs (
  what   STRING COMMENT 'unfinished: left by a killed job; staging: work files of an ended job; compacted: many small files, rewritten',
  folder STRING COMMENT 'Path of the folder, relative to the lake',
  files  BIGINT COMMENT 'Files removed, or files before the rewrite',
  bytes  BIGINT COMMENT 'Size of these files'
)
COMMENT 'Folders that maintenance removed or rewrote, by run date'
PARTITIONED BY (run_date STRING COMMENT 'Day of the run, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/maintenance_runs/empty';
