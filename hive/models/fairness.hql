-- fairness: one row per attribute and group.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.fairness (
  attribute                    STRING COMMENT 'age or sex',
  group_name                   STRING COMMENT 'The group',
  clients                      BIGINT COMMENT 'Clients in the group',
  positives                    BIGINT COMMENT 'Of them those with the outcome',
  selected                     BIGINT COMMENT 'Clients that the bank acts on',
  selection_rate               DOUBLE COMMENT 'selected / clients',
  true_positive_rate           DOUBLE COMMENT 'Share of those with the outcome that is acted on; null if there is none',
  false_positive_rate          DOUBLE COMMENT 'Share of those without the outcome that is acted on; null if there is none',
  mean_probability             DOUBLE COMMENT 'Mean predicted probability',
  equal_opportunity_difference DOUBLE COMMENT 'true_positive_rate minus that of the best-served group, 0 or less'
)
COMMENT 'Rates by age band and sex, on scores of unseen clients'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/fairness/empty';
