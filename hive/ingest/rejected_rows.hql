-- rejected_rows: one row per rejected row of a file, with the reasons. Writer: the ingest steps.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.rejected_rows (
  file     STRING        COMMENT 'Name of the file',
  line     BIGINT        COMMENT 'Line number in the file, where the header is 1; the record number in a file with quoted line breaks',
  raw      STRING        COMMENT 'Unchanged text of the row',
  reasons  ARRAY<STRING> COMMENT 'Why the row was rejected, one sentence per reason'
)
COMMENT 'Rows that broke their contract, with the reasons'
PARTITIONED BY (dataset STRING COMMENT 'Name of the table', sha256 STRING COMMENT 'Checksum of the file')
STORED AS PARQUET
LOCATION '${lake}/tables/rejected_rows/empty';
