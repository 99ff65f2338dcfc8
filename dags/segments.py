"""
### Segments: customer groups

Computes one row per customer from the transactions, rates customers by RFM and value tiers, compares candidate
clusterings with each other and with clusterings of data without groups, publishes the best one by a documented rule,
names the segments, and counts customers who moved. MLflow experiment: `segments`. Starts when `transactions` has
changed.

**When it fails**
- *MLflow doesn't respond*: no new segments were published and the old ones stay. Check `make ps`, then clear the task.
- *anything else*: clear the task; finished steps are skipped.

**When it succeeds without segments**: there are too few customers or no natural groups. `select reason, explanation
from bank.segment_decisions` says which, and so does the report. The tiers (`tier_profiles`, `customer_tiers`) exist
all the same. `BANK_SEGMENTS_K` sets a fixed number of segments.

**Downstream**: report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, create_tables, input_assets, run_steps

with DAG(
    dag_id="segments",
    schedule=input_assets("segments"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "segments"],
    doc_md=__doc__,
):
    run_steps("segments", before=create_tables("segments"))
