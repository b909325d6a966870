"""Commands `bg` as forks of one process, so that a test of many commands imports once.

A fork takes over arguments, folder, variables and standard streams of its caller, as a new process
has them: `python -m bg_orchestration_tests.end_to_end.warm_commands SOCKET` in the folder whose
code is to run, and the program `CLIENT` for each command.
"""

import json
import os
import pkgutil
import signal
import socket
import sys
import traceback
from importlib import import_module
from typing import NoReturn

from bg_orchestration import cli

# Imports as little as possible; python -S -E runs it.
CLIENT = """
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    call = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [call], [0, 1, 2])
    server.shutdown(socket.SHUT_WR)
    sys.exit(int(server.recv(3) or b"70"))
"""


def main(path: str) -> NoReturn:
    """Answer at the socket `path` until the process is stopped, or its parent is gone."""
    parent = os.getppid()
    for module in pkgutil.iter_modules(cli.__path__):
        import_module(f"{cli.__name__}.{module.name}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        server.settimeout(5.0)
        while os.getppid() == parent:
            try:
                caller, _ = server.accept()
            except TimeoutError:
                continue
            caller.setblocking(True)
            if os.fork() == 0:
                _run(caller)
            caller.close()
    sys.exit()


def _run(caller: socket.socket) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, streams, *_ = socket.recv_fds(caller, 1 << 20, 3)
    while more := caller.recv(1 << 20):
        text += more
    arguments, folder, variables = json.loads(text)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ |= variables
    code: object = 1
    try:
        cli.bg(arguments, prog_name="bg")
    except SystemExit as ended:
        code = ended.code
    except Exception:  # noqa: BLE001 - a process prints it too
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.send(str(code or 0).encode())
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
