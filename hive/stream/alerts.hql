-- alerts: one row per alert of the stream. Writer: stream.run, one file per micro-batch, identified by (stream, batch).
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.alerts (
  alert_id    STRING    COMMENT 'Alert type and the transaction or window that raised it',
  event_time  TIMESTAMP COMMENT 'Event time of that transaction, or end of that window; UTC',
  raised_at   TIMESTAMP COMMENT 'Wall-clock time when the alert was raised, UTC',
  type        STRING    COMMENT 'amount, velocity, travel, draining (a customer), terminal (a terminal), surge, outage (the whole stream)',
  customer_id STRING    COMMENT 'Customer; null for terminal, surge and outage',
  city        STRING    COMMENT 'City of the transaction; null for the whole stream',
  score       DOUBLE    COMMENT '-log10 of how often, per event, such an anomaly score occurred in the reference events; for surge and outage, the distance from the expected volume in standard deviations',
  reason      STRING    COMMENT 'Why the alert was raised, as a sentence',
  events      STRING    COMMENT 'JSON array of the transactions behind the alert, the one that raised it last: transaction_id, transaction_at, city, amount, balance',
  profile     STRING    COMMENT 'JSON object of what is usual for this customer: transactions, usual_amount, low_amount, high_amount, a_day, last_city; null if the alert has no customer',
  stream      STRING    COMMENT 'Id of the checkpoint that wrote the row',
  batch       BIGINT    COMMENT 'Micro-batch that raised the alert'
)
COMMENT 'Events that contradict the history of a customer, a terminal or the whole stream'
PARTITIONED BY (query STRING COMMENT 'alerts, or windows for alerts about the whole stream', day STRING COMMENT 'Day of event_time, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/alerts/empty';
