"""The live web pages. They read what the jobs wrote and write nothing."""
