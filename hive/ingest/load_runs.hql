-- load_runs: one row per loaded file. rows_in = rows_loaded + rows_rejected, always. Writer: the ingest steps.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.load_runs (
  run_date      DATE      COMMENT 'Run date of the load',
  file          STRING    COMMENT 'Name of the file',
  source        STRING    COMMENT 'real or synthetic',
  bytes         BIGINT    COMMENT 'Size of the file',
  rows_in       BIGINT    COMMENT 'Rows in the file, without the header and blank lines',
  rows_loaded   BIGINT    COMMENT 'Rows in the table',
  rows_rejected BIGINT    COMMENT 'Rows in rejected_rows',
  nulled        MAP<STRING, BIGINT> COMMENT 'Values that broke a rule and were kept as null, by column',
  loaded_at     TIMESTAMP COMMENT 'When it was loaded, UTC'
)
COMMENT 'Loads of files, one row each; the newest of a data set is its table'
PARTITIONED BY (dataset STRING COMMENT 'Name of the table', sha256 STRING COMMENT 'Checksum of the file')
STORED AS PARQUET
LOCATION '${lake}/tables/load_runs/empty';
