-- transactions: one row per bank transaction.
-- Writer: ingest.transactions. Rules beyond types: transactions.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.transactions (
  transaction_id   STRING        COMMENT 'Unique transaction number',
  customer_id      STRING        COMMENT 'Customer number',
  birth_date       DATE          COMMENT 'Date of birth; null if blank, impossible or a placeholder',
  age              INT           COMMENT 'Age in whole years on the day of the transaction; null without a birth date',
  age_band         STRING        COMMENT 'under 25, 25-34, 35-44, 45-54, 55-64 or 65 and over; null without a birth date',
  gender           STRING        COMMENT 'M or F; null if blank',
  location         STRING        COMMENT 'Address as the customer wrote it, may contain commas; null if blank',
  city             STRING        COMMENT 'City in upper case: location up to its first comma, without quotes and repeated spaces; null if blank',
  balance          DECIMAL(18,2) COMMENT 'Account balance at the transaction, Indian rupees; null if blank',
  transaction_date DATE          COMMENT 'Day of the transaction',
  transaction_time INT           COMMENT 'Time of day as HHMMSS without leading zeros; transaction_at has it as a timestamp',
  transaction_at   TIMESTAMP     COMMENT 'Date and time of the transaction',
  amount           DECIMAL(18,2) COMMENT 'Amount, Indian rupees',
  weekday          INT           COMMENT 'Day of the week: 1 Monday to 7 Sunday',
  hour             INT           COMMENT 'Hour of the day: 0 to 23',
  day_part         STRING        COMMENT 'night (0-6 h), morning (6-12 h), afternoon (12-18 h) or evening (18-24 h)'
)
COMMENT 'Bank transactions with the customer attributes known at the time'
STORED AS PARQUET
LOCATION '${lake}/tables/transactions/empty';
