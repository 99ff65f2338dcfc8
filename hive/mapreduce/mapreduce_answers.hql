-- mapreduce_answers: the five questions, each answered twice, by Hadoop Streaming and by Spark.
-- Writer: mapreduce.compare, which publishes only if every row agrees. One row per question, key and name:
--   balance_by_job       key a job        names count, mean (euros)
--   housing_by_education key an education names yes, no (clients with and without a housing loan)
--   contacts_by_month    key a month      names contacts, subscribed (clients)
--   duration_by_poutcome key an outcome   names count, mean (seconds)
--   balance_by_age       key an age       names count, mean (euros)
-- In results.json, answers[question][key][name] is streaming (an integer unless name is mean), and
-- agreement[question] is true if all rows of the question agree.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.mapreduce_answers (
  question  STRING        COMMENT 'balance_by_job, housing_by_education, contacts_by_month, duration_by_poutcome or balance_by_age',
  key       STRING        COMMENT 'Group: a job, an education, a month (jan to dec), an outcome, or an age in years as text',
  name      STRING        COMMENT 'Name of the answer: count, mean, yes, no, contacts or subscribed',
  clients   BIGINT        COMMENT 'Number of clients in the group',
  total     DECIMAL(28,2) COMMENT 'Exact sum behind the answer: clients, or for a mean euros or seconds',
  streaming DOUBLE        COMMENT 'Answer of Hadoop Streaming: total, or total / clients for a mean, unrounded',
  spark     DOUBLE        COMMENT 'Answer of Spark',
  agrees    BOOLEAN       COMMENT 'True if both have the same clients, total and answer, to the last digit'
)
COMMENT 'The five questions answered by Hadoop Streaming and by Spark, one row per question, key and name'
STORED AS PARQUET
LOCATION '${lake}/tables/mapreduce_answers/empty';
