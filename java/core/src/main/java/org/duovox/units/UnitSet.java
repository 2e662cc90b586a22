package org.duovox.units;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.Json;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;

/// The units of one stream: a folder with `manifest.json`, `index.jsonl`, `codebook.safetensors`,
/// `diagnostics.json` and shards.
///
/// A shard `units-00000.safetensors` holds `units` (I32, all utterances one after the other) and
/// `offsets` (I64, where each begins, and the end). One shard is in memory at a time, so reading in
/// order is cheap. For one thread.
public final class UnitSet {
  static final String MANIFEST = "manifest.json";
  static final String DIAGNOSTICS = "diagnostics.json";
  static final String CODEBOOK = "codebook.safetensors";

  private final Path folder;
  private final UnitManifest manifest;
  private final Codebook codebook;
  private final List<IndexFile.Entry> index;
  private final List<UtteranceInfo> utterances;
  private int loaded = -1;
  private int[] units;
  private long[] offsets;

  private UnitSet(
      Path folder, UnitManifest manifest, Codebook codebook, List<IndexFile.Entry> index) {
    this.folder = folder;
    this.manifest = manifest;
    this.codebook = codebook;
    this.index = index;
    this.utterances =
        index.stream()
            .map(e -> new UtteranceInfo(e.id(), e.frames(), e.samples(), e.fields()))
            .toList();
  }

  /// Opens a folder and checks that manifest, codebook and index agree.
  public static UnitSet open(Path folder) {
    UnitManifest manifest = readManifest(folder);
    Codebook codebook = Codebook.read(folder.resolve(CODEBOOK));
    if (!codebook.sha256().equals(manifest.codebookSha256())
        || codebook.clusters() != manifest.vocabulary()) {
      throw DuovoxException.badData(
          ("%s: the codebook is not the one of the manifest (%d codes, %s against %d codes, %s);"
                  + " quantize again")
              .formatted(
                  folder,
                  codebook.clusters(),
                  codebook.sha256(),
                  manifest.vocabulary(),
                  manifest.codebookSha256()));
    }
    List<IndexFile.Entry> index = IndexFile.read(folder);
    long frames = index.stream().mapToLong(IndexFile.Entry::frames).sum();
    if (index.size() != manifest.utterances() || frames != manifest.frames()) {
      throw DuovoxException.badData(
          "%s: the manifest says %d utterances and %d frames, the index %d and %d"
              .formatted(folder, manifest.utterances(), manifest.frames(), index.size(), frames));
    }
    return new UnitSet(folder, manifest, codebook, index);
  }

  private static UnitManifest readManifest(Path folder) {
    Path file = folder.resolve(MANIFEST);
    Manifests.requireFormat(file, UnitManifest.FORMAT, "a unit set");
    return Json.read(file, UnitManifest.class);
  }

  static String shard(int number) {
    return "units-%05d.safetensors".formatted(number);
  }

  public Path folder() {
    return folder;
  }

  public UnitManifest manifest() {
    return manifest;
  }

  public Codebook codebook() {
    return codebook;
  }

  /// All utterances, in the order of the set.
  public List<UtteranceInfo> utterances() {
    return utterances;
  }

  /// The units of an utterance, one per frame.
  public int[] units(int utterance) {
    IndexFile.Entry entry = index.get(utterance);
    load(entry.shard());
    Path file = folder.resolve(shard(entry.shard()));
    if (entry.position() + 1 >= offsets.length) {
      throw DuovoxException.badData("%s: has no utterance %d".formatted(file, entry.position()));
    }
    long from = offsets[entry.position()];
    long to = offsets[entry.position() + 1];
    if (from < 0 || to > units.length || to - from != entry.frames()) {
      throw DuovoxException.badData(
          "%s: '%s' spans %d to %d, but the index says %d frames"
              .formatted(file, entry.id(), from, to, entry.frames()));
    }
    return Arrays.copyOfRange(units, (int) from, (int) to);
  }

  /// How often each code occurs in the whole set.
  public Usage usage() {
    Usage usage = new Usage(manifest.vocabulary());
    for (int shard = 0; shard < manifest.shards(); shard++) {
      load(shard);
      usage.add(units);
    }
    return usage;
  }

  /// How the units use the vocabulary, and how long they last.
  public UnitDiagnostics diagnostics() {
    UnitStatistics statistics = new UnitStatistics(manifest.vocabulary());
    for (int utterance = 0; utterance < index.size(); utterance++) {
      statistics.add(units(utterance));
    }
    return statistics.diagnostics();
  }

  private void load(int shard) {
    if (shard == loaded) {
      return;
    }
    loaded = -1;
    Path file = folder.resolve(shard(shard));
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      units = tensors.ints("units");
      offsets = tensors.longs("offsets");
    }
    for (int i = 0; i < units.length; i++) {
      if (units[i] < 0 || units[i] >= manifest.vocabulary()) {
        throw DuovoxException.badData(
            "%s: unit %d at index %d is outside of the vocabulary 0 to %d"
                .formatted(file, units[i], i, manifest.vocabulary() - 1));
      }
    }
    loaded = shard;
  }
}
