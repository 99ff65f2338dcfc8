-- transactions: one row per bank transaction.
-- Writer: ingest.transactions. Rules beyond types: transactions.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.transactions (
  transaction_id   STRING        COMMENT 'Unique number of the transaction',
  customer_id      STRING        COMMENT 'Customer number',
  birth_date       DATE          COMMENT 'Date of birth; null if blank, impossible or a placeholder',
  gender           STRING        COMMENT 'M or F; null if blank',
  location         STRING        COMMENT 'Place as the customer wrote it, may hold commas; null if blank',
  balance          DECIMAL(18,2) COMMENT 'Account balance at the transaction, Indian rupees; null if blank',
  transaction_date DATE          COMMENT 'Day of the transaction',
  transaction_time INT           COMMENT 'Time of day as HHMMSS without leading zeros; the same moment as transaction_at',
  transaction_at   TIMESTAMP     COMMENT 'Moment of the transaction, its date and time of day',
  amount           DECIMAL(18,2) COMMENT 'Amount, Indian rupees'
)
COMMENT 'Bank transactions with what is known of the customer'
STORED AS PARQUET
LOCATION '${lake}/tables/transactions/empty';
