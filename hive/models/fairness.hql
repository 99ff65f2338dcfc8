-- fairness: one row per attribute and group.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.fairness (
  attribute                    STRING COMMENT 'age or sex',
  group_name                   STRING COMMENT 'Age band or sex; not known if it is missing',
  clients                      BIGINT COMMENT 'Clients in the group',
  positives                    BIGINT COMMENT 'Clients with the outcome',
  selected                     BIGINT COMMENT 'Clients that the bank acts on',
  selection_rate               DOUBLE COMMENT 'selected / clients',
  true_positive_rate           DOUBLE COMMENT 'Share of clients with the outcome that the bank acts on; null if there are none',
  false_positive_rate          DOUBLE COMMENT 'Share of clients without the outcome that the bank acts on; null if there are none',
  mean_probability             DOUBLE COMMENT 'Mean predicted probability',
  equal_opportunity_difference DOUBLE COMMENT 'true_positive_rate minus that of the best-served group, 0 or less'
)
COMMENT 'Rates by age band and sex, by scores of unseen clients'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/fairness/empty';
