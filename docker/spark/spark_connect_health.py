#!/opt/spark/bin/python
"""Health check: exit 0 if the Spark Connect server answers a query.

Plain gRPC, because starting a PySpark session takes seconds of CPU time at each check.
"""

import sys
from typing import Any
from uuid import uuid4

import grpc
from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc

ADDRESS = "localhost:15002"
SECONDS = 10


def answers(address: str) -> bool:
    """Return whether the server returns the one row of `select 1`."""
    session = str(uuid4())
    user = base_pb2.UserContext(user_id="health")
    plan = base_pb2.Plan()
    plan.root.sql.query = "select 1"
    with grpc.insecure_channel(address) as channel:
        server: Any = base_pb2_grpc.SparkConnectServiceStub(channel)  # type: ignore[no-untyped-call]
        request = base_pb2.ExecutePlanRequest(session_id=session, user_context=user, plan=plan)
        rows = sum(response.arrow_batch.row_count for response in server.ExecutePlan(request, timeout=SECONDS))
        server.ReleaseSession(base_pb2.ReleaseSessionRequest(session_id=session, user_context=user), timeout=SECONDS)
    return bool(rows == 1)


def main() -> int:
    """Ask the server and return the exit code."""
    try:
        if answers(ADDRESS):
            return 0
        print("the server didn't answer `select 1` with one row")
    except grpc.RpcError as error:
        print(f"the server doesn't answer: {error.code().name}: {error.details()}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
