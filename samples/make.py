#!/usr/bin/env python3
"""Makes the bundled sample corpus of this folder with espeak-ng, flite and flac; see README.md.

    python3 samples/make.py            writes commands/, semantic/ and SHA256SUMS beside this file
    python3 samples/make.py --check    makes everything in a temporary folder and compares it with SHA256SUMS

The same versions of the three programs give the same bytes. grammar.json defines what is spoken, and by whom.
"""

import argparse
import array
import csv
import hashlib
import itertools
import json
import math
import operator
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import wave

HERE = pathlib.Path(__file__).resolve().parent
RATE = 16000
LEVEL = 920  # root mean square of every file after trimming, in 16 bit steps: -31 dB of full scale
MARGIN = 0.03  # seconds kept before and after the speech
TEMPI = (1.0, 1.08, 1.16)  # speaking rates that the utterances of a speaker go through in turn
# The programs, with the arguments that print their versions.
VERSIONS = {"espeak-ng": ["--version"], "flite": ["--version"], "flac": ["--version"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with SHA256SUMS, change nothing")
    check = parser.parse_args().check
    missing = [program for program in VERSIONS if shutil.which(program) is None]
    if missing:
        packages = " ".join(VERSIONS)
        sys.exit(f"make: not on PATH: {', '.join(missing)} (on Debian: apt-get install {packages})")
    grammar = json.loads((HERE / "grammar.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(dir=None if check else HERE, prefix=".make-") as folder:
        root = pathlib.Path(folder)
        make_commands(grammar, root / "commands")
        make_semantic(grammar, root / "semantic" / "dev")
        sums = checksums(root)
        if check:
            sys.exit(compare(sums))
        install(root, sums)


def make_commands(grammar, root):
    """Each speaker says some texts of each intent; they rotate, so that training covers all of them."""
    texts = {intent: expand_all(templates) for intent, templates in grammar["intents"].items()}
    count = grammar["texts_per_intent_and_speaker"]
    # Speakers of one split follow each other in the rotation: the six training speakers go round every list.
    speakers = sorted(grammar["speakers"], key=lambda speaker: speaker["split"] != "train")
    lines = []
    for number, speaker in enumerate(speakers):
        for intent, choices in texts.items():
            for take in range(count):
                index = number * count + take
                text = choices[index % len(choices)]
                name = f"{speaker['name']}-{intent}-{take + 1}"
                path = root / speaker["name"] / f"{name}.flac"
                speak(speaker, text, TEMPI[(number + take) % len(TEMPI)], path)
                lines.append({"id": name, "audio": path.relative_to(root).as_posix(),
                              "speaker": speaker["name"], "text": text, "intent": intent,
                              "split": speaker["split"]})
        print(f"commands of {speaker['name']} done", flush=True)
    write_lines(root / "commands.jsonl", (json.dumps(line) for line in lines))


def make_semantic(grammar, root):
    """Words alone in several voices with computed gold similarities, in the layout of ZeroSpeech 2021."""
    gold = []
    for speaker in (speaker for speaker in grammar["speakers"] if speaker["words"]):
        for word in grammar["words"]:
            name = f"{word}-{speaker['name']}"
            speak(speaker, word, 1.0, root / "synthetic" / f"{name}.flac")
            gold.append(["synthetic", name, speaker["name"], word])
        print(f"words of {speaker['name']} done", flush=True)
    write_csv(root / "gold.csv", ["type", "filename", "voice", "word"], gold)
    frames, intents = contexts(grammar)
    pairs = []
    for first, second in itertools.combinations(grammar["words"], 2):
        similarity = f"{cosine(frames[first], frames[second]):.6f}"
        pairs.append(["synthetic", "microworld-frames", first, second, similarity, ""])
    for first, second in itertools.combinations(grammar["words"], 2):
        relatedness = f"{cosine(intents[first], intents[second]):.6f}"
        pairs.append(["synthetic", "microworld-intents", first, second, "", relatedness])
    header = ["type", "dataset", "word_1", "word_2", "similarity", "relatedness"]
    write_csv(root / "pairs.csv", header, pairs)


def expand_all(templates):
    return [text for template in templates for text in expand(template)]


def expand(template):
    """All texts of a template: `[a|b]` stands for either word."""
    parts = [part.split("|") for part in re.split(r"\[([^\]]*)\]", template)]
    return ["".join(choice) for choice in itertools.product(*parts)]


def contexts(grammar):
    """For each word, how many texts put it into each frame (the text without it) and each intent."""
    frames = {word: {} for word in grammar["words"]}
    intents = {word: {} for word in grammar["words"]}
    for intent, templates in grammar["intents"].items():
        for text in expand_all(templates):
            tokens = text.split()
            for word in set(tokens) & set(frames):
                frame = " ".join("_" if token == word else token for token in tokens)
                frames[word][frame] = frames[word].get(frame, 0) + 1
                intents[word][intent] = intents[word].get(intent, 0) + 1
    return frames, intents


def cosine(first, second):
    dot = sum(count * second.get(context, 0) for context, count in first.items())
    return dot / math.sqrt(sum(c * c for c in first.values()) * sum(c * c for c in second.values()))


def speak(speaker, text, tempo, path):
    """Text to a trimmed, level 16 kHz mono FLAC file."""
    tempo *= speaker["tempo"]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "speech.wav"
        if speaker["program"] == "flite":
            stretch = f"duration_stretch={1 / tempo:.4f}"
            command = ["flite", "-voice", speaker["voice"], "--setf", stretch, "-t", text, "-o", str(file)]
        else:
            command = ["espeak-ng", "-v", speaker["voice"], "-s", str(round(175 * tempo)),
                       "-p", str(speaker["pitch"]), "-w", str(file), text]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        samples, rate = read_wav(file)
    encode(level(trim(resample(samples, rate))), path)


def read_wav(file):
    with wave.open(str(file), "rb") as reader:
        if reader.getnchannels() != 1 or reader.getsampwidth() != 2:
            raise ValueError(f"{file}: mono 16 bit expected")
        samples = array.array("h", reader.readframes(reader.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return samples, reader.getframerate()


def resample(samples, rate, zeros=12):
    """Windowed-sinc resampling (Hann window) to 16 kHz, one filter for each phase of the rational ratio."""
    if rate == RATE:
        return list(samples)
    divisor = math.gcd(rate, RATE)
    step, phases = rate // divisor, RATE // divisor
    cutoff = 0.98 * min(1.0, RATE / rate)
    reach = math.ceil(zeros / cutoff)
    filters = []
    for phase in range(phases):
        offset = (phase * step % phases) / phases
        times = [(tap - offset) * cutoff for tap in range(-reach + 1, reach + 1)]
        filters.append([cutoff * sinc(time) * hann(time / zeros) for time in times])
    padded = [0] * (reach - 1) + list(samples) + [0] * (reach + 1)
    result = []
    for index in range(len(samples) * phases // step):
        start = index * step // phases
        result.append(sum(map(operator.mul, filters[index % phases], padded[start:start + 2 * reach])))
    return result


def sinc(time):
    return 1.0 if time == 0 else math.sin(math.pi * time) / (math.pi * time)


def hann(position):
    return math.cos(math.pi / 2 * position) ** 2 if abs(position) < 1 else 0.0


def trim(samples):
    """Without the blocks of 10 ms at either end that lie 40 dB or more below the loudest one."""
    block = RATE // 100
    blocks = (samples[start:start + block] for start in range(0, len(samples), block))
    powers = [sum(map(operator.mul, block_samples, block_samples)) for block_samples in blocks]
    loud = [index for index, power in enumerate(powers) if power > max(powers) * 1e-4]
    margin = round(MARGIN * RATE)
    return samples[max(0, loud[0] * block - margin):(loud[-1] + 1) * block + margin]


def level(samples):
    gain = LEVEL / math.sqrt(sum(map(operator.mul, samples, samples)) / len(samples))
    return array.array("h", (max(-32768, min(32767, round(sample * gain))) for sample in samples))


def encode(samples, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    if sys.byteorder == "big":
        samples.byteswap()
    data = samples.tobytes()
    raw = ["--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16",
           f"--sample-rate={RATE}", f"--input-size={len(data)}"]
    subprocess.run(["flac", "--silent", "-8ep", "--no-padding", "--no-seektable", *raw, "-o", str(path), "-"],
                   input=data, check=True)


def write_lines(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def checksums(root):
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def versions():
    for program, arguments in VERSIONS.items():
        run = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
        text = run.stdout + run.stderr
        number = re.search(r"\d+(\.\d+)+", text)
        yield f"{program} {number.group() if number else 'unknown'}"


def compare(sums):
    header, *lines = (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    recorded = dict(reversed(line.split("  ", 1)) for line in lines)
    names = sums.keys() | recorded.keys()
    different = sorted(name for name in names if sums.get(name) != recorded.get(name))
    if different:
        return (f"make: {len(different)} of {len(names)} files differ from SHA256SUMS, first {different[0]}; "
                f"recorded with {header[2:]}, made with {', '.join(versions())}")
    print(f"{len(sums)} files as recorded in SHA256SUMS")
    return 0


def install(root, sums):
    for name in ("commands", "semantic"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        (root / name).rename(HERE / name)
    lines = [f"# {', '.join(versions())}", *(f"{digest}  {name}" for name, digest in sums.items())]
    write_lines(HERE / "SHA256SUMS", lines)
    size = sum((HERE / name).stat().st_size for name in sums)
    print(f"{len(sums)} files, {size:,} bytes")


if __name__ == "__main__":
    main()
