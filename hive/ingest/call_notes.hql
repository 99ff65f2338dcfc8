-- call_notes: one row per free-text note of a call, the bank's unstructured data.
-- Writer: ingest.call_notes. Rules beyond types: call_notes.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.call_notes (
  note_id     STRING COMMENT 'Unique number of the note',
  customer_id STRING COMMENT 'Customer who called; the same numbers as in transactions if both are synthetic',
  noted_on    DATE   COMMENT 'Day of the call',
  text        STRING COMMENT 'What the agent wrote, may hold line breaks'
)
COMMENT 'Free-text notes of calls'
STORED AS PARQUET
LOCATION '${lake}/tables/call_notes/empty';
