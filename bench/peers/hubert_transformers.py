#!/usr/bin/env python3
"""HuBERT features the usual way: Hugging Face transformers in a plain loop over files.

make ENCODER               a HuBERT-base-shaped checkpoint with random weights (seeded)
run ENCODER AUDIO OUT      hidden state LAYER of every FLAC or WAV below AUDIO into OUT (safetensors), one line of
                           JSON with the figures. --cut drops the layers above LAYER first, which few users do;
                           without it the whole network runs, as output_hidden_states=True does.
"""
import argparse
import json
import pathlib
import resource
import time

import soundfile
import torch
from safetensors.torch import save_file
from transformers import HubertConfig, HubertModel, Wav2Vec2FeatureExtractor

# Before any model is loaded: one process, all cores.
torch.set_grad_enabled(False)


def make(folder):
    torch.manual_seed(0)
    HubertModel(HubertConfig()).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(do_normalize=False).save_pretrained(folder)


def run(args):
    started = time.perf_counter()
    model = HubertModel.from_pretrained(args.encoder).eval()
    extractor = Wav2Vec2FeatureExtractor.from_pretrained(args.encoder)
    if args.cut:
        model.encoder.layers = model.encoder.layers[: args.layer]
    loaded = time.perf_counter()
    seconds, frames = 0.0, {}
    for file in sorted(p for p in pathlib.Path(args.audio).rglob("*") if p.suffix in (".flac", ".wav")):
        wave, rate = soundfile.read(file, dtype="float32")
        inputs = extractor(wave, sampling_rate=rate, return_tensors="pt").input_values
        frames[file.stem] = model(inputs, output_hidden_states=True).hidden_states[args.layer][0].clone()
        seconds += len(wave) / rate
    encoded = time.perf_counter()
    save_file(frames, args.out)
    ended = time.perf_counter()
    print(json.dumps({
        "audio_s": seconds,
        "load_s": loaded - started,
        "encode_s": encoded - loaded,
        "wall_s": ended - started,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "threads": torch.get_num_threads(),
    }))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("make").add_argument("encoder")
    runner = verbs.add_parser("run")
    runner.add_argument("encoder")
    runner.add_argument("audio")
    runner.add_argument("out")
    runner.add_argument("--layer", type=int, default=6)
    runner.add_argument("--cut", action="store_true")
    args = parser.parse_args()
    make(args.encoder) if args.verb == "make" else run(args)


if __name__ == "__main__":
    main()
