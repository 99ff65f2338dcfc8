"""The live web pages: they read what the jobs wrote, and write nothing."""
