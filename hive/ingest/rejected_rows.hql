-- rejected_rows: every row that broke its contract, with the reasons. Writer: the ingest steps.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.rejected_rows (
  file     STRING        COMMENT 'Name of the file',
  line     BIGINT        COMMENT 'Line in the file, the header is 1; in a file with quoted line breaks: the record',
  raw      STRING        COMMENT 'The row as it stands in the file',
  reasons  ARRAY<STRING> COMMENT 'What is wrong with it, a sentence each'
)
COMMENT 'Rows that broke their contract, kept with the reasons'
PARTITIONED BY (dataset STRING COMMENT 'Name of the table', sha256 STRING COMMENT 'Checksum of the file')
STORED AS PARQUET
LOCATION '${lake}/tables/rejected_rows/empty';
