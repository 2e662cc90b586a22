#!/usr/bin/env python3
"""The usual Python way from audio files to units of both streams of the speech embedding: overlapping windows.

    speech_embedding_windowed.py --audio FOLDER --models DIR --block2 K.safetensors --embedding K.safetensors --out F.json

For each file: soundfile reads it, 6,240 zeros go before and after, openwakeword's AudioFeatures computes the mel frames
(onnxruntime), windows of 76 mel frames every 8 go through the embedding model in one batch, as AudioFeatures does it,
and numpy finds the nearest centroid. The second stream is the tensor after the second pooling of the same network,
which the model is made to give as a further output; of each window its first 4 frames are new. Units go to F.json.
"""
import argparse
import glob
import json
import os
import platform
import sys
import time
from importlib.metadata import version

import numpy as np
import onnxruntime
import soundfile
from openwakeword.utils import AudioFeatures
from safetensors.numpy import load_file

BLOCK2 = "model/max_pooling2d_1/MaxPool:0"
PAD, WINDOW, STEP = 6240, 76, 8


def field(number, content):
    """A length-delimited protobuf field."""
    size, length = b"", len(content)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return bytes([number << 3 | 2]) + size + content


def with_output(path, tensor):
    """The model with a further output: protobuf merges messages that follow each other."""
    with open(path, "rb") as file:
        return file.read() + field(7, field(12, field(1, tensor.encode())))


def nearest(frames, centroids, norms):
    return np.argmin(norms - 2 * frames @ centroids.T, axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audio", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--block2", required=True)
    parser.add_argument("--embedding", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, default=0, help="files at most; 0: all")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    features = AudioFeatures(os.path.join(args.models, "melspectrogram.onnx"),
                             os.path.join(args.models, "embedding_model.onnx"), ncpu=args.threads)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.inter_op_num_threads = args.threads
    model = onnxruntime.InferenceSession(
        with_output(os.path.join(args.models, "embedding_model.onnx"), BLOCK2), options,
        providers=["CPUExecutionProvider"])
    outputs = [model.get_outputs()[0].name, BLOCK2]
    books = {name: load_file(path)["cluster_centers_"]
             for name, path in (("block2", args.block2), ("embedding", args.embedding))}
    norms = {name: (book * book).sum(axis=1) for name, book in books.items()}
    files = sorted(glob.glob(os.path.join(args.audio, "**", "*.flac"), recursive=True)
                   + glob.glob(os.path.join(args.audio, "**", "*.wav"), recursive=True))
    files = files[:args.limit] if args.limit else files
    units, samples, start = {}, 0, time.perf_counter()
    for file in files:
        audio, rate = soundfile.read(file, dtype="int16")
        if rate != 16000 or audio.ndim != 1:
            sys.exit(f"{file}: {rate} Hz, {audio.ndim} dimensions; 16 kHz mono is needed")
        samples += len(audio)
        mel = features._get_melspectrogram(np.pad(audio, PAD))
        windows = np.array([mel[i:i + WINDOW] for i in range(0, len(mel) - WINDOW + 1, STEP)])[..., None]
        embedding, block2 = model.run(outputs, {"input_1": windows.astype(np.float32)})
        # (windows, channels, time, bands) -> (frames, channels x bands); 4 of each window's frames are new.
        block2 = block2.transpose(0, 2, 1, 3).reshape(len(windows), -1, 384)
        block2 = np.concatenate([block2[:-1, :STEP // 2].reshape(-1, 384), block2[-1]])
        # Frame k of the network is centered at 20 k - 312.5 ms; those within the audio are kept.
        block2 = block2[16:16 + int(np.ceil((len(audio) / 16 - 7.5) / 20))]
        frames = {"embedding": embedding.reshape(len(windows), -1), "block2": block2}
        name = os.path.splitext(os.path.relpath(file, args.audio))[0]
        units[name] = {key: nearest(value, books[key], norms[key]).tolist() for key, value in frames.items()}
    wall = time.perf_counter() - start
    with open(args.out, "w") as file:
        json.dump(units, file)

    print(json.dumps({
        "audio_seconds": samples / 16000, "seconds_without_start": round(wall, 3), "files": len(files),
        "versions": {"python": platform.python_version(), "onnxruntime": onnxruntime.__version__,
                     "openwakeword": version("openwakeword"), "numpy": np.__version__,
                     "soundfile": soundfile.__version__}}))


if __name__ == "__main__":
    main()
