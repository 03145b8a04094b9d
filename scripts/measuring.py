"""Wall time and peak memory of programs beside each other."""
import os
import shlex
import statistics
import sys
import tempfile
import time

ROUNDS = int(os.environ.get("ROUNDS", "7"))


def measure(command, cwd, before=lambda: None):
    """Median seconds and peak KiB of a command line; one with a pipe needs a shell. `before` is called
    before each run and not measured."""
    words = ["bash", "-c", command] if "|" in command else shlex.split(command)
    os.chdir(cwd)
    seconds = []
    for _ in range(ROUNDS):
        before()
        seconds.append(run(words)[0])
    before()
    # GNU time starts the program from a small process: a child of this one would inherit its peak.
    _, report = run(["/usr/bin/time", "-f", "%M", *words])
    return statistics.median(seconds), int(report.split()[-1])


def run(words):
    """Seconds of a command, and what it wrote to standard error."""
    with tempfile.TemporaryFile("w+") as error:
        files = [(os.POSIX_SPAWN_DUP2, error.fileno(), 2), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
        start = time.perf_counter()
        child = os.posix_spawnp(words[0], words, {**os.environ, "LC_ALL": "C"}, file_actions=files)
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - start
        error.seek(0)
        said = error.read()
    if status != 0:
        sys.exit(f"{shlex.join(words)}: status {os.waitstatus_to_exitcode(status)}\n{said}")
    return seconds, said


def table(title, rows, program="fpb"):
    """Rows of (name, seconds, KiB or None); the first is ours, of `program`."""
    ours = rows[0][1]
    print(f"\n{title}")
    print(f"  {'':40} {'wall time':>12} {'of ' + program:>10} {'peak memory':>12}")
    for name, seconds, peak in rows:
        memory = f"{peak / 1024:.0f} MiB" if peak else ""
        print(f"  {name:40} {seconds * 1000:9.1f} ms {seconds / ours:9.2f}x {memory:>12}")
