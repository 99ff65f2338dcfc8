-- mapreduce_streaming: answers to the five questions, computed by a mapper, combiner and reducer for Hadoop Streaming.
-- Writer: mapreduce.streaming. One row per question, key and name; see mapreduce_answers for the names of each question.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.mapreduce_streaming (
  question STRING        COMMENT 'balance_by_job, housing_by_education, contacts_by_month, duration_by_poutcome or balance_by_age',
  key      STRING        COMMENT 'Group: a job, an education, a month (jan to dec), an outcome, or an age in years as text',
  name     STRING        COMMENT 'Name of the answer: count, mean, yes, no, contacts or subscribed',
  clients  BIGINT        COMMENT 'Number of clients in the group',
  total    DECIMAL(28,2) COMMENT 'Exact sum behind the answer: clients, or for a mean euros or seconds',
  value    DOUBLE        COMMENT 'Answer: total, or total / clients for a mean, unrounded'
)
COMMENT 'Answers to the five questions, computed by a mapper, combiner and reducer for Hadoop Streaming'
STORED AS PARQUET
LOCATION '${lake}/tables/mapreduce_streaming/empty';
