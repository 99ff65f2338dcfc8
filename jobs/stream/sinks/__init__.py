"""Where each micro-batch is written: the lake and the serving database."""
