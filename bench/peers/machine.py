"""What a result must say about where it came from: machine, date, commit, versions."""
import datetime
import importlib.metadata
import os
import subprocess


def cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {"model": names[0] if names else "unknown", "cores": len(os.sched_getaffinity(0))}


def commit():
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    dirty = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True, check=False)
    return run.stdout.strip() + ("+" if dirty.stdout.strip() else "")


def versions(*packages):
    return {name: importlib.metadata.version(name) for name in packages}


def describe(*packages):
    return {
        "machine": cpu(),
        "load_before": os.getloadavg()[0],
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "versions": versions(*packages),
    }
