package org.duovox.units.sets;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.units.Codebook;
import org.duovox.units.CodebookUse;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.UtteranceInfo;

/// A unit set, the units of one stream: a folder with `manifest.json`, `index.jsonl`,
/// `codebook.safetensors`, `diagnostics.json` and shards.
///
/// A shard `units-00000.safetensors` holds `units` (I32, all utterances one after the other) and
/// `offsets` (I64, where each begins, and the end). Shards are read by position, so an utterance
/// costs the memory of its own units. Safe for use by several threads.
public final class UnitSet {
  public static final String MANIFEST = "manifest.json";
  static final String DIAGNOSTICS = "diagnostics.json";
  public static final String CODEBOOK = "codebook.safetensors";

  private final Path folder;
  private final UnitManifest manifest;
  private final Optional<Codebook> codebook;
  private final List<IndexFile.Entry> index;
  private final List<UtteranceInfo> utterances;
  private final List<Shard> shards;

  private UnitSet(
      Path folder,
      UnitManifest manifest,
      Optional<Codebook> codebook,
      List<IndexFile.Entry> index,
      List<Shard> shards) {
    this.folder = folder;
    this.manifest = manifest;
    this.codebook = codebook;
    this.index = index;
    this.shards = shards;
    this.utterances =
        index.stream()
            .map(e ->
                new UtteranceInfo(e.id(), e.frames(), e.samples(), e.fields(), e.audioSha256()))
            .toList();
  }

  /// Opens a folder and checks that manifest, codebook, index and the places of all utterances
  /// agree; units are checked when they are read, their sum by [#verify()].
  public static UnitSet open(Path folder) {
    UnitManifest manifest = readManifest(folder);
    Optional<Codebook> codebook =
        ManifestChecks.codebook(
            folder.resolve(CODEBOOK), manifest.codebookSha256(), manifest.vocabulary());
    List<IndexFile.Entry> index = IndexFile.read(folder);
    long frames = index.stream().mapToLong(IndexFile.Entry::frames).sum();
    if (index.size() != manifest.utterances() || frames != manifest.frames()) {
      throw DuovoxException.badData(
          "%s: the manifest says %d utterances and %d frames, the index %d and %d"
              .formatted(folder, manifest.utterances(), manifest.frames(), index.size(), frames));
    }
    List<Shard> shards = new ArrayList<>();
    for (IndexFile.Entry entry : index) {
      if (entry.shard() == shards.size()) {
        shards.add(Shard.open(folder.resolve(shardName(entry.shard()))));
      }
      shards.get(entry.shard()).requirePlace(entry);
    }
    ManifestChecks.requireShards(folder, manifest.shards(), shards.size());
    return new UnitSet(folder, manifest, codebook, index, shards);
  }

  private static UnitManifest readManifest(Path folder) {
    Path file = folder.resolve(MANIFEST);
    ManifestChecks.requireFormat(file, UnitManifest.FORMAT, "a unit set");
    return Json.read(file, UnitManifest.class);
  }

  static String shardName(int number) {
    return "units-%05d.safetensors".formatted(number);
  }

  public Path folder() {
    return folder;
  }

  public UnitManifest manifest() {
    return manifest;
  }

  /// The codebook of the units; empty for units that were imported without one.
  public Optional<Codebook> codebook() {
    return codebook;
  }

  /// Returns the codebook.
  public Codebook requireCodebook() {
    return codebook.orElseThrow(() ->
        DuovoxException.badData(
            folder + ": its units were imported without a codebook; import with --codebook"));
  }

  /// All utterances, in the order of the set.
  public List<UtteranceInfo> utterances() {
    return utterances;
  }

  /// Reads the units of an utterance, one per frame.
  ///
  /// @throws DuovoxException (BAD_DATA) for a unit outside of the vocabulary
  public int[] units(int utterance) {
    IndexFile.Entry entry = index.get(utterance);
    return shards.get(entry.shard()).units(entry, manifest.vocabulary());
  }

  /// Counts the units of the whole set.
  public CodebookUse.Counter countUnits() {
    CodebookUse.Counter counter = new CodebookUse.Counter(manifest.vocabulary());
    for (int i = 0; i < index.size(); i++) {
      counter.add(units(i));
    }
    return counter;
  }

  /// Computes the diagnostics of the whole set.
  public UnitDiagnostics diagnostics() {
    UnitDiagnostics.Counter counter = new UnitDiagnostics.Counter(manifest.vocabulary());
    for (int i = 0; i < index.size(); i++) {
      counter.add(units(i));
    }
    return counter.diagnostics();
  }

  /// Reads all units and refuses a set whose content is not what its manifest was written for; sets
  /// of an earlier version carry no sum.
  public void verify() {
    Hashes.LittleEndian sum = new Hashes.LittleEndian();
    for (int i = 0; i < index.size(); i++) {
      add(sum, index.get(i).id(), units(i));
    }
    String found = sum.finish();
    if (!manifest.unitsSha256().isEmpty() && !manifest.unitsSha256().equals(found)) {
      throw DuovoxException.badData(
          "%s: its units have the sum %s, the manifest says %s; make the set again"
              .formatted(folder, found, manifest.unitsSha256()));
    }
  }

  /// Adds an utterance to the sum of a set ([UnitManifest]).
  static void add(Hashes.LittleEndian sum, String id, int[] units) {
    sum.add(id.getBytes(StandardCharsets.UTF_8)).add(new byte[1]).add(units.length).add(units);
  }

  /// One safetensors file of the set, read by position.
  private record Shard(SafetensorsFile tensors, long units, long[] offsets) {
    private static final String UNITS = "units";

    static Shard open(Path file) {
      SafetensorsFile tensors = Safetensors.open(file);
      try {
        return new Shard(tensors, tensors.require(UNITS).elements(), tensors.longs("offsets"));
      } catch (RuntimeException e) {
        tensors.close();
        throw e;
      }
    }

    /// Refuses an entry of the index that does not fit the offsets.
    void requirePlace(IndexFile.Entry entry) {
      if (entry.position() + 1 >= offsets.length) {
        throw DuovoxException.badData(
            "%s: has no utterance %d".formatted(tensors.path(), entry.position()));
      }
      long from = offsets[entry.position()];
      long to = offsets[entry.position() + 1];
      if (from < 0 || to > units || to - from != entry.frames()) {
        throw DuovoxException.badData(
            "%s: '%s' spans %d to %d of %d units, but the index says %d frames"
                .formatted(tensors.path(), entry.id(), from, to, units, entry.frames()));
      }
    }

    /// The units of an utterance, every one checked.
    int[] units(IndexFile.Entry entry, int vocabulary) {
      requirePlace(entry);
      int[] found = tensors.ints(UNITS, offsets[entry.position()], entry.frames());
      for (int i = 0; i < found.length; i++) {
        if (found[i] < 0 || found[i] >= vocabulary) {
          throw DuovoxException.badData(
              "%s: '%s', frame %d: unit %d is outside of the vocabulary 0 to %d"
                  .formatted(tensors.path(), entry.id(), i, found[i], vocabulary - 1));
        }
      }
      return found;
    }
  }
}
