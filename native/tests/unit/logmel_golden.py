#!/usr/bin/env python3
"""Writes logmel_golden.h: log-mel features computed with NumPy in float64 from the definition, not from our code
(scripts/format afterwards)."""
import numpy as np


def hz_to_mel(hz):
    hz = np.asarray(hz, float)
    return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1e-9) / 1000) / (np.log(6.4) / 27))


def mel_to_hz(mel):
    mel = np.asarray(mel, float)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def filters(rate, fft, bands, low, high):
    edges = mel_to_hz(np.linspace(hz_to_mel(low), hz_to_mel(high), bands + 2))
    ramps = edges[:, None] - np.arange(fft // 2 + 1) * rate / fft
    width = np.diff(edges)
    triangles = np.maximum(0, np.minimum(-ramps[:-2] / width[:-1, None], ramps[2:] / width[1:, None]))
    return triangles * (2 / (edges[2:] - edges[:-2]))[:, None]


def signal(count):
    state, out = 12345, []
    for i in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(0.3 * np.sin(0.05 * i) + 0.2 * np.sin(0.00002 * i * i) + 0.1 * (state / 2**31 - 0.5))
    return np.array(out, np.float32).astype(float)


def logmel(x, rate, window, hop, fft, bands, low, high, floor):
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    frames = np.stack([x[s : s + window] for s in range(0, len(x) - window + 1, hop)])
    power = np.abs(np.fft.rfft(frames * hann, fft)) ** 2
    return np.log(power @ filters(rate, fft, bands, low, high).T + floor)


def array(name, values):
    rows = [", ".join(f"{v:.6f}F" for v in values[i : i + 9]) for i in range(0, len(values), 9)]
    return f"inline constexpr float {name}[] = {{\n    " + ",\n    ".join(rows) + "};\n"


usual = logmel(signal(4000), 16000, 400, 160, 512, 80, 20, 8000, 1e-6)
other = logmel(signal(700), 8000, 200, 100, 256, 20, 0, 3800, 1e-3)
with open(__file__.replace(".py", ".h"), "w") as f:
    f.write("// Written by logmel_golden.py; do not edit.\n#ifndef DUOVOX_TESTS_LOGMEL_GOLDEN_H\n#define DUOVOX_TESTS_LOGMEL_GOLDEN_H\n\n")
    f.write(f"inline constexpr int kUsualFrames = {len(usual)};\n")
    f.write("// Frames 0 and 22 of the default configuration.\n" + array("kUsualFirst", usual[0]) + array("kUsualLast", usual[-1]))
    f.write("// All frames of an 8 kHz configuration with 20 bands.\n" + array("kOther", other.ravel()))
    f.write("\n#endif  // DUOVOX_TESTS_LOGMEL_GOLDEN_H\n")
