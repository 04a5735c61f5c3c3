"""The process that holds a cluster of this computer: `python -m nexuslic.lab.cluster.child WORKERS FOLDER`.

It reads credentials from the first line of its standard input, writes the scheduler's address as the first line of its
standard output, and runs until its standard input ends. What it leaves in the folder it removes, for whoever started it
may be gone.
"""

import json
import shutil
import sys
from typing import Any, Final

import dask
from distributed import LocalCluster
from distributed.security import Security
from distributed.utils import get_mp_context

SETTINGS: Final[dict[str, Any]] = {
    "distributed.scheduler.allowed-failures": 1000,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.multiprocessing-method": "spawn" if sys.platform == "win32" else "forkserver",
    "distributed.admin.system-monitor.disk": False,
}


def security(told: dict[str, str]) -> Security:
    """The credentials for all sides, by those of one: whoever knows these is the one who started us."""
    ca, certificate, key = told["tls_ca_file"], told["tls_client_cert"], told["tls_client_key"]
    sides: dict[str, str] = {}
    for side in ("client", "scheduler", "worker"):
        sides |= {f"tls_{side}_cert": certificate, f"tls_{side}_key": key}
    return Security(tls_ca_file=ca, require_encryption=True, **sides)


def load_once() -> None:
    """Let workers be copies of a process that has loaded all that they need, where the system can copy processes."""
    context = get_mp_context()
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["distributed", "nexuslic.lab.cluster.working"])


def main(workers: int, folder: str) -> None:
    """Run until whoever started it closes our standard input, or is gone."""
    credentials = security(json.loads(sys.stdin.readline()))
    dask.config.set({**SETTINGS, "temporary-directory": folder})
    load_once()
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        memory_limit=None,
        dashboard_address=None,
        local_directory=folder,
        security=credentials,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
