-- tier_migration: one row per pair of tiers, 30 days before the last day in the data and on that day. Writer: segments.tiers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.tier_migration (
  scheme      STRING        COMMENT 'rfm or value',
  from_tier   STRING        COMMENT 'Tier 30 days earlier; null for customers who came later',
  to_tier     STRING        COMMENT 'Tier now',
  customers   BIGINT        COMMENT 'Number of customers with this migration',
  balance_sum DECIMAL(28,2) COMMENT 'Sum of their balances now, Indian rupees'
)
COMMENT 'Migration between tiers within the last 30 days of the data'
STORED AS PARQUET
LOCATION '${lake}/tables/tier_migration/empty';
