"""A real Slurm on this machine alone: started by hand in a folder of its own, on loopback only, and ended with it."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "scancel", "sinfo")
KILL_WAIT = 5  # seconds between Slurm's TERM and its KILL; the program's own patience is longer

# Loopback only; no control groups, no system services. Lengths of the waits are made short: jobs are retried when their
# credential has expired, the scheduler looks every second.
CONFIG = """ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SrunPortRange={first}-{last}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket={place}/run/munge.socket,cred_expire=10
SlurmUser=root
SlurmdUser=root
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
TmpFS={place}/tmp
SlurmctldPidFile={place}/run/slurmctld.pid
SlurmdPidFile={place}/run/slurmd.pid
SlurmctldLogFile={place}/log/slurmctld.log
SlurmdLogFile={place}/log/slurmd.log
PlugStackConfig={place}/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobCompType=jobcomp/filetxt
JobCompLoc={place}/log/jobcomp.log
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
KillWait={kill_wait}
SlurmdParameters=config_overrides
EnforcePartLimits=ALL
NodeName={host} NodeHostname={host} NodeAddr=127.0.0.1 Port={node_port} CPUs=64 RealMemory=200000
PartitionName=one Nodes={host} Default=YES MaxTime=60 DefaultTime=5 State=UP
"""


def why_not():
    """What this machine lacks for it, or nothing."""
    if os.geteuid() != 0:
        return "Slurm's daemons must be started by root here"
    lacking = [name for name in NEEDED if shutil.which(name, path=search_path()) is None]
    return f"{', '.join(lacking)} missing: install slurm-wlm and munge" if lacking else ""


def search_path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def free_ports():
    """The first of a few hundred ports of which the ends are free: Slurm takes no port 0."""
    for first in range(20000, 60000, 317):
        try:
            for port in (first, first + 1, first + 2, first + 102):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise RuntimeError("no ports are free")


class OneMachine:
    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="slurm")
        self.place = pathlib.Path(self.scratch.name)
        self.place.chmod(0o755)  # munged wants folders that others cannot write
        self.daemons = []
        for name in ("run", "log", "state", "spool", "tmp"):
            (self.place / name).mkdir(mode=0o755)
        (self.place / "plugstack.conf").touch()
        (self.place / "munge.key").write_bytes(os.urandom(1024))
        (self.place / "munge.key").chmod(0o600)
        port = free_ports()
        self.environment = {**os.environ, "PATH": search_path(), "SLURM_CONF": str(self.place / "slurm.conf")}
        for name in [name for name in self.environment if name.startswith(("OMPI_", "PMIX_", "PRTE_", "SLURM_JOB"))]:
            del self.environment[name]  # of the shell that runs the tests
        host = socket.gethostname().split(".")[0]
        (self.place / "slurm.conf").write_text(
            CONFIG.format(host=host, place=self.place, port=port, node_port=port + 1, first=port + 2, last=port + 102,
                          kill_wait=KILL_WAIT), encoding="utf-8")
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={self.place}/munge.key",
                       f"--socket={self.place}/run/munge.socket", f"--pid-file={self.place}/run/munged.pid",
                       f"--log-file={self.place}/log/munged.log", f"--seed-file={self.place}/run/munged.seed")
            self.wait_for(lambda: (self.place / "run" / "munge.socket").exists(), "munged", 20)
            self.start("slurmctld", "-D", "-c", "-f", self.place / "slurm.conf")
            self.start("slurmd", "-D", "-N", host, "-f", self.place / "slurm.conf")
            self.wait_for(lambda: self.said("sinfo", "-h", "-o", "%T").strip() == "idle", "a node that is idle", 60)
        except BaseException:
            self.end()
            raise

    def start(self, *command):
        with open(self.place / "log" / f"{command[0]}.out", "wb") as log:
            self.daemons.append(subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                                                 stderr=log, cwd=self.place, env=self.environment,
                                                 start_new_session=True))

    def said(self, *command, cwd=None, **environment):
        done = subprocess.run([str(word) for word in command], env={**self.environment, **environment}, cwd=cwd,
                              timeout=60, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        return done.stdout if done.returncode == 0 else f"error {done.returncode}: {done.stdout}{done.stderr}"

    def wait_for(self, what, name, seconds):
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                raise TimeoutError(f"{name}: not within {seconds} s\n{self.logs()}")
            time.sleep(0.05)

    def logs(self):
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-3000:]}"
                         for file in sorted((self.place / "log").iterdir()))

    def submit(self, *command, cwd, **environment):
        said = self.said("sbatch", "--parsable", *command, cwd=cwd, **environment).strip()
        if not said.isdigit():
            raise RuntimeError(f"sbatch {command}: {said}")
        return said

    def state(self, job):
        """PENDING, RUNNING, COMPLETED, FAILED, TIMEOUT, CANCELLED...: of all tasks of an array the set of them."""
        states = set(self.said("squeue", "-h", "-t", "all", "-r", "-o", "%T", "-j", job).split())
        return states.pop() if len(states) == 1 else " ".join(sorted(states))

    def exit_code(self, job):
        for line in self.said("scontrol", "show", "job", job).split():
            if line.startswith("ExitCode="):
                return int(line.split("=")[1].split(":")[0])
        raise RuntimeError(f"job {job} is not known any more")

    def wait_for_end(self, job, seconds):
        over = {"COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL", "OUT_OF_MEMORY"}
        self.wait_for(lambda: set(self.state(job).split() or ["unknown"]) <= over, f"end of job {job}", seconds)
        return self.state(job)

    def end(self):
        if len(self.daemons) > 1:
            self.said("scancel", "--full", "-s", "KILL", "-u", "root")
            self.said("scancel", "-u", "root")
            until = time.monotonic() + 20
            while self.said("squeue", "-h").strip() and time.monotonic() < until:
                time.sleep(0.1)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.scratch.cleanup()
