-- credit: one row per credit-card client of a Taiwanese bank, 2005 (UCI default of credit card clients).
-- Writer: ingest.credit. Rules beyond types: credit.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.credit (
  client_id    BIGINT        COMMENT 'Client number in the source file',
  credit_limit DECIMAL(18,2) COMMENT 'Credit limit, including family credit, New Taiwan dollars',
  sex          INT           COMMENT '1 male, 2 female',
  education    INT           COMMENT '1 graduate school, 2 university, 3 high school, 4 other; 0, 5 and 6 are undocumented',
  marriage     INT           COMMENT '1 married, 2 single, 3 other; 0 is undocumented',
  age          INT           COMMENT 'Age in years; null if blank in the source',
  age_band     STRING        COMMENT 'under 25, 25-34, 35-44, 45-54, 55-64 or 65 and over; null if the age is unknown',
  pay_0        INT           COMMENT 'Repayment status, Sep 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  pay_2        INT           COMMENT 'Repayment status, Aug 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  pay_3        INT           COMMENT 'Repayment status, Jul 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  pay_4        INT           COMMENT 'Repayment status, Jun 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  pay_5        INT           COMMENT 'Repayment status, May 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  pay_6        INT           COMMENT 'Repayment status, Apr 2005: months of delay; 0 revolving credit, -1 paid in full, -2 not used',
  bill_amt1    DECIMAL(18,2) COMMENT 'Bill statement, Sep 2005, New Taiwan dollars',
  bill_amt2    DECIMAL(18,2) COMMENT 'Bill statement, Aug 2005, New Taiwan dollars',
  bill_amt3    DECIMAL(18,2) COMMENT 'Bill statement, Jul 2005, New Taiwan dollars',
  bill_amt4    DECIMAL(18,2) COMMENT 'Bill statement, Jun 2005, New Taiwan dollars',
  bill_amt5    DECIMAL(18,2) COMMENT 'Bill statement, May 2005, New Taiwan dollars',
  bill_amt6    DECIMAL(18,2) COMMENT 'Bill statement, Apr 2005, New Taiwan dollars',
  pay_amt1     DECIMAL(18,2) COMMENT 'Amount paid, Sep 2005, New Taiwan dollars',
  pay_amt2     DECIMAL(18,2) COMMENT 'Amount paid, Aug 2005, New Taiwan dollars',
  pay_amt3     DECIMAL(18,2) COMMENT 'Amount paid, Jul 2005, New Taiwan dollars',
  pay_amt4     DECIMAL(18,2) COMMENT 'Amount paid, Jun 2005, New Taiwan dollars',
  pay_amt5     DECIMAL(18,2) COMMENT 'Amount paid, May 2005, New Taiwan dollars',
  pay_amt6     DECIMAL(18,2) COMMENT 'Amount paid, Apr 2005, New Taiwan dollars',
  utilisation  DOUBLE        COMMENT 'Bill of Sep 2005 as a share of the credit limit (bill_amt1 / credit_limit); null if the limit is 0',
  defaulted    INT           COMMENT 'Outcome: 1 if the client defaulted in October 2005, else 0'
)
COMMENT 'Credit-card clients with six months of bills and payments and their default status'
STORED AS PARQUET
LOCATION '${lake}/tables/credit/empty';
