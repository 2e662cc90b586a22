#!/usr/bin/env python3
"""The peer of bench/ssimi: the official scorer, from the package zerospeech-benchmarks.

    ssimi_official.py --dataset DIR --submission DIR --subset dev|test [--scores DIR] [--no-validation]

Needs zerospeech-benchmarks 0.9.4 and pandas 2.3.3 (it fails with pandas 3). Loads the submission as the package does,
which reads its params.yaml; runs the package's own validation and its own semantic evaluation, and writes its two
tables. Prints one JSON line. The data set is not the registered one, so its index is put together here.
"""
import argparse
import json
import os
import pathlib
import resource
import tempfile
import time
import types
import warnings

warnings.simplefilter("ignore")


def stay_offline(folder):
    """Gives the package a home with an old list of data sets: without one it asks the network when it is imported."""
    index = pathlib.Path(folder, "repo.json")
    index.write_text("{}", encoding="utf-8")
    os.utime(index, (0, 0))
    os.environ["APP_DIR"] = folder


def index(root, subset):
    from zerospeech.generics import FileItem, FileListItem, FileTypes
    folder = next(f for f in (root / "semantic" / subset, root / subset) if f.is_dir())
    files = {
        "gold": FileItem.from_file(folder / "gold.csv"),
        "pairs": FileItem.from_file(folder / "pairs.csv"),
    }
    for kind in ("synthetic", "librispeech"):
        lists = [FileListItem.from_dir(folder / kind, f_type=of) for of in (FileTypes.wav, FileTypes.flac)]
        files[kind + "_wav_list"] = max(lists, key=lambda of: len(of.files_list))
    return types.SimpleNamespace(items=types.SimpleNamespace(**files))


def validate(submission, dataset, subset):
    from zerospeech.submissions.sLM21 import SLM21SubmissionValidator
    validator = SLM21SubmissionValidator.construct(dataset=dataset)
    problems = []
    for kind in ("synthetic", "librispeech"):
        name = f"semantic_{subset}_{kind}"
        answers = getattr(validator, "validating_" + name)(getattr(submission.items, name))
        problems += [str(answer) for answer in answers if not answer.valid()]
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", required=True, type=pathlib.Path)
    parser.add_argument("--submission", required=True, type=pathlib.Path)
    parser.add_argument("--subset", required=True, choices=("dev", "test"))
    parser.add_argument("--scores", type=pathlib.Path)
    parser.add_argument("--no-validation", action="store_true")
    args = parser.parse_args()

    home = tempfile.TemporaryDirectory()
    stay_offline(home.name)
    start = time.perf_counter()
    from zerospeech.submissions.sLM21 import SLM21Submission
    from zerospeech.tasks.lm import SemanticTask
    import numpy
    import pandas
    import scipy
    submission = SLM21Submission.load(args.submission, tasks=("semantic",), sets=(args.subset,))
    subset = index(args.dataset, args.subset)
    dataset = types.SimpleNamespace(
        index=types.SimpleNamespace(subsets=types.SimpleNamespace(**{"semantic_" + args.subset: subset})))
    problems = None if args.no_validation else validate(submission, dataset, args.subset)
    loaded = time.perf_counter()
    warnings.simplefilter("ignore")
    task = SemanticTask(**{**submission.params.get_semantic(), "quiet": True})
    files = task.build_file_index(
        synthetic=getattr(submission.items, f"semantic_{args.subset}_synthetic"),
        librispeech=getattr(submission.items, f"semantic_{args.subset}_librispeech"))
    pairs, correlation = task.semantic_eval(files, subset.items.gold, subset.items.pairs)
    end = time.perf_counter()
    if args.scores:
        args.scores.mkdir(parents=True, exist_ok=True)
        names = task.result_filenames[args.subset]
        pairs.to_csv(args.scores / names["pairs"], index=False, float_format="%.4f")
        correlation.to_csv(args.scores / names["correlations"], index=False, float_format="%.4f")
    print(json.dumps({
        "metric": task.metric.value, "pooling": task.pooling.value, "problems": problems,
        "validation_seconds": None if args.no_validation else loaded - start, "score_seconds": end - loaded,
        "seconds": end - start, "cpu_seconds": sum(os.times()[:2]),
        "correlations": {f"{row.type}/{row.dataset}": row.correlation for row in correlation.itertuples()},
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "versions": {"numpy": numpy.__version__, "pandas": pandas.__version__, "scipy": scipy.__version__},
    }))


if __name__ == "__main__":
    main()
