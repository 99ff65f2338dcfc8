"""The five classic questions, asked by Hadoop Streaming and by Spark; the answers must agree."""
