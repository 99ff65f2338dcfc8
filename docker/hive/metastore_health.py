#!/opt/hive-client/bin/python
"""Health check: exit 0 if the metastore lists its databases, which it reads from PostgreSQL."""

import sys
from typing import Any

CALL, REPLY = 1, 2  # of thrift.Thrift.TMessageType; 3 is an exception
TIMEOUT_MS = 5000


def lists_databases(protocol: Any) -> bool:
    """Call `get_all_databases` over a Thrift protocol and return whether the metastore replies without an error."""
    protocol.writeMessageBegin("get_all_databases", CALL, 1)
    protocol.writeStructBegin("get_all_databases_args")
    protocol.writeFieldStop()
    protocol.writeStructEnd()
    protocol.writeMessageEnd()
    protocol.trans.flush()
    _, kind, _ = protocol.readMessageBegin()
    return bool(kind == REPLY)


def main() -> int:
    """Query the metastore and return the exit code."""
    from thrift.protocol.TBinaryProtocol import TBinaryProtocol
    from thrift.transport.TSocket import TSocket
    from thrift.transport.TTransport import TBufferedTransport

    socket = TSocket("localhost", 9083)
    socket.setTimeout(TIMEOUT_MS)
    protocol = TBinaryProtocol(TBufferedTransport(socket))
    socket.open()
    return 0 if lists_databases(protocol) else 1


if __name__ == "__main__":
    sys.exit(main())
