-- call_notes: one row per free-text note about a call, the bank's unstructured data.
-- Writer: ingest.call_notes. Rules beyond types: call_notes.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.call_notes (
  note_id     STRING COMMENT 'Unique note number',
  customer_id STRING COMMENT 'Customer number; matches transactions only if both data sets are synthetic',
  noted_on    DATE   COMMENT 'Day of the call',
  text        STRING COMMENT 'Text of the note; may contain line breaks'
)
COMMENT 'Free-text notes about calls'
STORED AS PARQUET
LOCATION '${lake}/tables/call_notes/empty';
