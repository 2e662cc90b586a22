#!/usr/bin/env python3
"""The peer of bench/kmeans: scikit-learn's MiniBatchKMeans with fairseq's HuBERT recipe.

    kmeans_sklearn.py make  --out DIR [--frames N] [--width D] [--repeat R] [--seed S]   features on disk
    kmeans_sklearn.py fit   --features DIR --clusters K --n-init I --out FILE            fits and times
    kmeans_sklearn.py score --features DIR --codebook FILE [FILE ...]                    inertia of codebooks

Needs numpy, safetensors and scikit-learn. Prints one JSON line. The features are synthetic speech-like ones: segments
of a few frames around one of 2,000 states of uneven frequency, an offset per speaker, correlated noise whose variance
falls off over the directions, and white noise. The noise is strong: 500 clusters explain some 39 % of the variance, and
neighboring frames seldom share a unit. `make` writes a feature folder as `duovox features` does; with --repeat
the same utterances come again under other ids.
"""
import argparse
import hashlib
import json
import os
import resource
import time

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

# fairseq examples/hubert/simple_kmeans/learn_kmeans.py; README values.
RECIPE = dict(init="k-means++", max_iter=100, batch_size=10_000, tol=0.0, max_no_improvement=100,
              reassignment_ratio=0.0, random_state=0)
STATES, SPEAKERS, RANK, FRAMES = 2000, 40, 48, 400
SHARD_UTTERANCES = 200  # 245 MB of 768 values


class Speech:
    """Draws utterances (400, width) float32; a function of the seed."""

    def __init__(self, width, seed):
        self.random = np.random.default_rng(seed)
        draw = lambda *shape: self.random.standard_normal(shape, dtype=np.float32)
        scale = (1.0 / np.sqrt(1 + np.arange(width) / 20)).astype(np.float32)
        rotation, _ = np.linalg.qr(draw(width, width))
        phones = draw(60, width)
        self.states = ((phones[self.random.integers(60, size=STATES)] + 0.6 * draw(STATES, width)) * scale) @ rotation
        self.speakers = (0.25 * draw(SPEAKERS, width) * scale) @ rotation
        self.noise = 0.35 * draw(RANK, width) / np.sqrt(1 + np.arange(RANK, dtype=np.float32))[:, None]
        weights = 1 / (5 + np.arange(STATES))
        self.weights = weights / weights.sum()

    def utterance(self):
        lengths = self.random.integers(2, 12, size=FRAMES // 2)
        states = self.random.choice(STATES, size=FRAMES // 2, p=self.weights)
        which = np.repeat(states, lengths)[:FRAMES]
        width = self.states.shape[1]
        frames = self.states[which] + self.speakers[self.random.integers(SPEAKERS)]
        frames += self.random.standard_normal((FRAMES, RANK), dtype=np.float32) @ self.noise
        frames += 0.2 * self.random.standard_normal((FRAMES, width), dtype=np.float32)
        return np.ascontiguousarray(frames, dtype=np.float32)


def make(args):
    os.makedirs(args.out)
    utterances = args.frames // FRAMES
    shards, index, tensors = [], [], {}

    def finish():
        name = f"features-{len(shards):05d}.safetensors"
        path = os.path.join(args.out, name)
        save_file(tensors, path)
        with open(path, "rb") as file:
            shards.append({"file": name, "bytes": os.path.getsize(path),
                           "sha256": hashlib.file_digest(file, "sha256").hexdigest()})
        tensors.clear()

    for repeat in range(args.repeat):
        speech = Speech(args.width, args.seed)
        for u in range(utterances):
            name = f"r{repeat:02d}-u{u:05d}"
            tensors[name] = speech.utterance()
            index.append({"id": name, "shard": f"features-{len(shards):05d}.safetensors", "samples": FRAMES * 320,
                          "frames": {"6": FRAMES}, "fields": {}})
            if len(tensors) == SHARD_UTTERANCES:
                finish()
    if tensors:
        finish()
    frames = len(index) * FRAMES
    manifest = {"format": "duovox-features", "version": 1, "duovox": "bench", "encoder": "synthetic",
                "weights_sha256": "", "normalisation": "none", "chunking": "whole", "sample_rate": 16000,
                "layers": [{"name": "6", "width": args.width, "interval_ms": 20.0, "offset_ms": 12.5}],
                "utterances": len(index), "frames": {"6": frames}, "seconds": frames * 0.02, "skipped": 0,
                "shards": shards}
    with open(os.path.join(args.out, "index.jsonl"), "w") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in index)
    open(os.path.join(args.out, "errors.jsonl"), "w").close()
    with open(os.path.join(args.out, "manifest.json"), "w") as file:
        json.dump(manifest, file, indent=2)
    return {"frames": frames, "width": args.width}


def load(folder):
    """All frames, (frames, width), in the order of the index."""
    with open(os.path.join(folder, "index.jsonl")) as file:
        entries = [json.loads(line) for line in file]
    width = json.load(open(os.path.join(folder, "manifest.json")))["layers"][0]["width"]
    rows = np.empty((sum(entry["frames"]["6"] for entry in entries), width), dtype=np.float32)
    opened, at, handle = None, 0, None
    for entry in entries:
        if entry["shard"] != opened:
            opened, handle = entry["shard"], safe_open(os.path.join(folder, entry["shard"]), "np")
        frames = handle.get_tensor(entry["id"])
        rows[at:at + len(frames)] = frames
        at += len(frames)
    return rows


def fit(args):
    start = time.perf_counter()
    from sklearn.cluster import MiniBatchKMeans
    rows = load(args.features)
    loaded = time.perf_counter()
    model = MiniBatchKMeans(n_clusters=args.clusters, n_init=args.n_init, compute_labels=False, **RECIPE).fit(rows)
    end = time.perf_counter()
    save_file({"cluster_centers_": np.ascontiguousarray(model.cluster_centers_, dtype=np.float32)}, args.out)
    import sklearn
    return {"n_init": args.n_init, "load_seconds": loaded - start, "fit_seconds": end - loaded,
            "seconds": end - start, "steps": int(model.n_steps_), "sklearn": sklearn.__version__,
            "numpy": np.__version__, "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def score(args):
    rows = load(args.features)
    norms = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    result = {}
    for path in args.codebook:
        centers = load_file(path)["cluster_centers_"].astype(np.float32)
        inertia = 0.0
        for at in range(0, len(rows), 20_000):
            part = rows[at:at + 20_000]
            codes = ((centers * centers).sum(1) - 2 * part @ centers.T).argmin(1)
            inertia += float(((part.astype(np.float64) - centers[codes]) ** 2).sum())
        result[path] = inertia
    return {"inertia": result, "zero_inertia": float(norms.sum())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("make")
    verb.add_argument("--out", required=True)
    verb.add_argument("--frames", type=int, default=200_000)
    verb.add_argument("--width", type=int, default=768)
    verb.add_argument("--repeat", type=int, default=1)
    verb.add_argument("--seed", type=int, default=0)
    verb = verbs.add_parser("fit")
    verb.add_argument("--features", required=True)
    verb.add_argument("--clusters", type=int, default=500)
    verb.add_argument("--n-init", type=int, default=20)
    verb.add_argument("--out", required=True)
    verb = verbs.add_parser("score")
    verb.add_argument("--features", required=True)
    verb.add_argument("--codebook", nargs="+", required=True)
    args = parser.parse_args()
    print(json.dumps({"make": make, "fit": fit, "score": score}[args.verb](args)))


if __name__ == "__main__":
    main()
