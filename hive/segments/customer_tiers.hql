-- customer_tiers: one row per customer: RFM scores, tiers, and churn risk. Writer: segments.tiers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.customer_tiers (
  customer_id        STRING        COMMENT 'Customer number',
  recency_days       INT           COMMENT 'Days from the last transaction of the customer to the last transaction in the data',
  transactions       BIGINT        COMMENT 'Number of transactions',
  amount_sum         DECIMAL(28,2) COMMENT 'Sum of amounts, Indian rupees',
  balance            DECIMAL(18,2) COMMENT 'Latest known account balance, Indian rupees',
  recency_score      INT           COMMENT 'Quintile of recency: 5 for the customers who paid last',
  frequency_score    INT           COMMENT 'Quintile of the number of transactions: 5 for the most; equal values have equal scores',
  monetary_score     INT           COMMENT 'Quintile of the sum of amounts: 5 for the largest',
  rfm_tier           STRING        COMMENT 'Name of the RFM tier, from the scores',
  value_tier         STRING        COMMENT 'Platinum, Gold, Silver or Bronze by balance; Unrated if no balance is known',
  earlier_rfm_tier   STRING        COMMENT 'RFM tier 30 days before the last day in the data; null for customers who came later',
  earlier_value_tier STRING        COMMENT 'Value tier at that time; null for customers who came later',
  expected_gap_days  DOUBLE        COMMENT 'Expected days between payments; null if nobody paid twice',
  churn_risk         DOUBLE        COMMENT 'Probability that the customer would have paid since the last payment, if nothing had changed; null if nobody paid twice',
  value_at_stake     DECIMAL(18,2) COMMENT 'Balance times churn risk, Indian rupees; null if one of them is unknown'
)
COMMENT 'RFM and value tier of each customer'
STORED AS PARQUET
LOCATION '${lake}/tables/customer_tiers/empty';
