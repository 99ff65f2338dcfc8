-- customers: one row per customer with a usable transaction. Writer: segments.customers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.customers (
  customer_id       STRING        COMMENT 'Customer number',
  birth_date        DATE          COMMENT 'Latest known date of birth; null if no transaction has one',
  age               INT           COMMENT 'Age in whole years at the last transaction; null if birth_date is null',
  gender            STRING        COMMENT 'Latest known gender, M or F; null if no transaction has one',
  city              STRING        COMMENT 'Latest known city; null if no transaction has one',
  balance           DECIMAL(18,2) COMMENT 'Latest known account balance, Indian rupees',
  transactions      BIGINT        COMMENT 'Number of transactions',
  amount_sum        DECIMAL(28,2) COMMENT 'Sum of amounts, Indian rupees',
  amount_mean       DECIMAL(18,2) COMMENT 'Mean amount, Indian rupees',
  amount_max        DECIMAL(18,2) COMMENT 'Largest amount, Indian rupees',
  first_at          TIMESTAMP     COMMENT 'Time of the first transaction',
  last_at           TIMESTAMP     COMMENT 'Time of the last transaction',
  recency_days      INT           COMMENT 'Days from the last transaction of the customer to the last transaction in the data',
  share_night       DOUBLE        COMMENT 'Share of transactions between 00:00 and 06:00',
  share_morning     DOUBLE        COMMENT 'Share of transactions between 06:00 and 12:00',
  share_afternoon   DOUBLE        COMMENT 'Share of transactions between 12:00 and 18:00',
  share_evening     DOUBLE        COMMENT 'Share of transactions between 18:00 and 24:00',
  share_monday      DOUBLE        COMMENT 'Share of transactions on Mondays',
  share_tuesday     DOUBLE        COMMENT 'Share of transactions on Tuesdays',
  share_wednesday   DOUBLE        COMMENT 'Share of transactions on Wednesdays',
  share_thursday    DOUBLE        COMMENT 'Share of transactions on Thursdays',
  share_friday      DOUBLE        COMMENT 'Share of transactions on Fridays',
  share_saturday    DOUBLE        COMMENT 'Share of transactions on Saturdays',
  share_sunday      DOUBLE        COMMENT 'Share of transactions on Sundays',
  amount_to_balance DOUBLE        COMMENT 'Mean amount divided by balance; null if the balance is not positive',
  regularity        DOUBLE        COMMENT 'Mean / (mean + standard deviation) of the days between transactions, 1 is perfectly regular; null for fewer than three transactions',
  contradicts       BOOLEAN       COMMENT 'True if the transactions contain several birth dates or genders'
)
COMMENT 'Customers, aggregated from their transactions'
STORED AS PARQUET
LOCATION '${lake}/tables/customers/empty';
