-- clients_text: the rows of clients as tab-separated text for Hadoop Streaming, whose mappers read lines.
-- Writer: mapreduce.input. It has the delivered columns of clients in the same order, without the derived ones;
-- jobs/mapreduce/questions.py repeats them, because NodeManagers don't have this file.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.clients_text (
  client_id  BIGINT        COMMENT 'Line number in the source file; the full file is in order of contact, 2008 to 2010',
  age        INT           COMMENT 'Age in years',
  job        STRING        COMMENT 'Type of job, for example admin., blue-collar or retired',
  marital    STRING        COMMENT 'married, single or divorced (includes widowed)',
  education  STRING        COMMENT 'primary, secondary, tertiary or unknown',
  in_default STRING        COMMENT 'Has credit in default: yes or no (source column: default)',
  balance    DECIMAL(18,2) COMMENT 'Average yearly balance, euros',
  housing    STRING        COMMENT 'Has a housing loan: yes or no',
  loan       STRING        COMMENT 'Has a personal loan: yes or no',
  contact    STRING        COMMENT 'How the client was reached: cellular, telephone or unknown',
  day        INT           COMMENT 'Day of the month of the last contact',
  month      STRING        COMMENT 'Month of the last contact, jan to dec',
  duration   INT           COMMENT 'Duration of the last call in seconds; known only after the call',
  campaign   INT           COMMENT 'Number of contacts in this campaign, including the last one',
  pdays      INT           COMMENT 'Days since the last contact of an earlier campaign; -1 without one',
  previous   INT           COMMENT 'Number of contacts before this campaign',
  poutcome   STRING        COMMENT 'Outcome of the earlier campaign: success, failure, other or unknown',
  subscribed STRING        COMMENT 'Outcome: subscribed to a term deposit, yes or no (source column: y)'
)
COMMENT 'Rows of clients as tab-separated text without a header, the input of Hadoop Streaming'
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
STORED AS TEXTFILE
LOCATION '${lake}/tables/clients_text/empty';
