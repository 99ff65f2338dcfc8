-- top_values: the up to ten most frequent values of each column that is no text or identifier.
-- Writer: explore.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.top_values (
  dataset     STRING COMMENT 'Table that is described: clients, credit, transactions or call_notes',
  column_name STRING COMMENT 'Name of the column',
  rank        INT    COMMENT '1 for the most frequent value, up to 10; equally frequent ones by value',
  value       STRING COMMENT 'The value as text; null is counted like a value',
  row_count   BIGINT COMMENT 'Rows with the value',
  share       DOUBLE COMMENT 'row_count / rows of the table, 0 to 1'
)
COMMENT 'Most frequent values of the columns'
STORED AS PARQUET
LOCATION '${lake}/tables/top_values/empty';
