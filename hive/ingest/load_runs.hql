-- load_runs: one row per loaded file, with rows_in = rows_loaded + rows_rejected. Writer: the ingest steps.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.load_runs (
  run_date      DATE      COMMENT 'Run date of the load',
  file          STRING    COMMENT 'Name of the file',
  source        STRING    COMMENT 'real or synthetic',
  bytes         BIGINT    COMMENT 'Size of the file',
  rows_in       BIGINT    COMMENT 'Number of rows in the file, without header and blank lines',
  rows_loaded   BIGINT    COMMENT 'Number of rows in the table',
  rows_rejected BIGINT    COMMENT 'Number of rows in rejected_rows',
  nulled        MAP<STRING, BIGINT> COMMENT 'Number of values that broke a rule and became null, by column',
  loaded_at     TIMESTAMP COMMENT 'Time of the load, UTC'
)
COMMENT 'Loaded files, one row each; the newest file of a data set is its table'
PARTITIONED BY (dataset STRING COMMENT 'Name of the table', sha256 STRING COMMENT 'Checksum of the file')
STORED AS PARQUET
LOCATION '${lake}/tables/load_runs/empty';
