-- alerts: one row per alert of the stream. Writer: stream.run, a file per micro-batch; (stream, batch) says which.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.alerts (
  alert_id    STRING    COMMENT 'The type and the transaction, or the window, that raised it',
  at          TIMESTAMP COMMENT 'Event time of what raised it, UTC',
  raised_at   TIMESTAMP COMMENT 'Wall clock when it was raised, UTC',
  type        STRING    COMMENT 'amount, velocity, travel, draining (of a customer), place (of a terminal), surge, outage (of the whole stream)',
  customer_id STRING    COMMENT 'Customer; null for place, surge and outage',
  location    STRING    COMMENT 'Place of the transaction; null for the whole stream',
  score       DOUBLE    COMMENT '-log10 of how often, per event, as much evidence came in the calibration; of surge and outage the distance in standard deviations',
  reason      STRING    COMMENT 'Why, in words',
  events      STRING    COMMENT 'JSON list of the transactions behind it, the one that raised it last: transaction_id, transaction_at, location, amount, balance',
  habit       STRING    COMMENT 'JSON: what is usual for this customer; null where there is none',
  stream      STRING    COMMENT 'Which checkpoint wrote it',
  batch       BIGINT    COMMENT 'Micro-batch that raised it'
)
COMMENT 'What contradicts the history of a customer, a terminal or the whole stream'
PARTITIONED BY (query STRING COMMENT 'alerts, or windows for those of the whole stream', day STRING COMMENT 'Day of the event that raised it, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/alerts/empty';
