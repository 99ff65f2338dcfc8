-- top_values: up to ten most frequent values of each column except free text and identifiers.
-- Writer: explore.describe.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.top_values (
  dataset     STRING COMMENT 'Described table: clients, credit, transactions or call_notes',
  column_name STRING COMMENT 'Name of the column',
  rank        INT    COMMENT '1 for the most frequent value, up to 10; ties by value',
  value       STRING COMMENT 'Value as text; null counts as a value',
  row_count   BIGINT COMMENT 'Number of rows with the value',
  share       DOUBLE COMMENT 'row_count / rows of the table, 0 to 1'
)
COMMENT 'Most frequent values of the columns'
STORED AS PARQUET
LOCATION '${lake}/tables/top_values/empty';
