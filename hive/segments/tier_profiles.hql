-- tier_profiles: one row per tier of each scheme. Writer: segments.tiers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.tier_profiles (
  scheme            STRING        COMMENT 'rfm or value',
  position          INT           COMMENT 'Position of the tier, the most valuable first',
  tier              STRING        COMMENT 'Name of the tier',
  meaning           STRING        COMMENT 'Who belongs to it, as a sentence',
  customers         BIGINT        COMMENT 'Number of customers',
  share             DOUBLE        COMMENT 'Share of all customers',
  balance_sum       DECIMAL(28,2) COMMENT 'Sum of balances, Indian rupees',
  balance_share     DOUBLE        COMMENT 'Share of all balances',
  amount_sum        DECIMAL(28,2) COMMENT 'Sum of transaction amounts, Indian rupees',
  amount_share      DOUBLE        COMMENT 'Share of all transaction amounts',
  transactions_mean DOUBLE        COMMENT 'Mean number of transactions of a customer; null without customers',
  recency_mean      DOUBLE        COMMENT 'Mean days since the last transaction; null without customers',
  value_at_stake    DECIMAL(28,2) COMMENT 'Sum of balance times churn risk, Indian rupees',
  next_action       STRING        COMMENT 'What to do next for these customers',
  checksum          STRING        COMMENT 'Checksum of the customer numbers in any order: equal if the tier has the same customers'
)
COMMENT 'RFM and value tiers with size, value, value at stake and next action'
STORED AS PARQUET
LOCATION '${lake}/tables/tier_profiles/empty';
