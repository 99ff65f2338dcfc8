"""Stage mapreduce: five questions answered by Hadoop Streaming and by Spark, with identical results."""
