-- customers: one row per customer with a usable transaction. Writer: segments.customers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.customers (
  customer_id       STRING        COMMENT 'Customer number',
  birth_date        DATE          COMMENT 'Date of birth by the latest transaction that has one; null if none has',
  age               INT           COMMENT 'Age in whole years at the last transaction; null if the birth is not known',
  gender            STRING        COMMENT 'M or F by the latest transaction that has one; null if none has',
  place             STRING        COMMENT 'City by the latest transaction that has one: capitals, single blanks, what is before a comma',
  balance           DECIMAL(18,2) COMMENT 'Latest known account balance, Indian rupees',
  transactions      BIGINT        COMMENT 'Number of transactions',
  amount_sum        DECIMAL(28,2) COMMENT 'Sum of their amounts, Indian rupees',
  amount_mean       DECIMAL(18,2) COMMENT 'Mean amount',
  amount_max        DECIMAL(18,2) COMMENT 'Largest amount',
  first_at          TIMESTAMP     COMMENT 'Moment of the first transaction',
  last_at           TIMESTAMP     COMMENT 'Moment of the last transaction',
  recency_days      INT           COMMENT 'Days from the last transaction of the customer to the last of all',
  share_night       DOUBLE        COMMENT 'Share of the transactions from 0 to 6 h',
  share_morning     DOUBLE        COMMENT 'Share of the transactions from 6 to 12 h',
  share_afternoon   DOUBLE        COMMENT 'Share of the transactions from 12 to 18 h',
  share_evening     DOUBLE        COMMENT 'Share of the transactions from 18 to 24 h',
  share_monday      DOUBLE        COMMENT 'Share of the transactions on a Monday',
  share_tuesday     DOUBLE        COMMENT 'Share of the transactions on a Tuesday',
  share_wednesday   DOUBLE        COMMENT 'Share of the transactions on a Wednesday',
  share_thursday    DOUBLE        COMMENT 'Share of the transactions on a Thursday',
  share_friday      DOUBLE        COMMENT 'Share of the transactions on a Friday',
  share_saturday    DOUBLE        COMMENT 'Share of the transactions on a Saturday',
  share_sunday      DOUBLE        COMMENT 'Share of the transactions on a Sunday',
  amount_to_balance DOUBLE        COMMENT 'Mean amount divided by the latest balance; null if that is not above zero',
  regularity        DOUBLE        COMMENT 'Mean / (mean + spread) of the days between transactions, 1 like clockwork; null for fewer than three',
  contradicts       BOOLEAN       COMMENT 'True if the transactions give several birth dates or genders'
)
COMMENT 'Customers as their transactions show them'
STORED AS PARQUET
LOCATION '${lake}/tables/customers/empty';
