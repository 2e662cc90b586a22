package org.duovox.speech.extract;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.speech.features.ShardIndex;

/// Merges the parts of a sharded extraction, one for each block, into one feature set, byte by byte
/// what one run over the whole manifest gives. Reads and writes in small pieces.
public final class FeatureMerge {
  private static final int PIECE_VALUES = 1 << 18;

  private FeatureMerge() {}

  /// Receives the progress of a merge.
  @FunctionalInterface
  public interface Listener {
    /// @param done parts that are merged
    /// @param total number of parts
    void merged(int done, int total);
  }

  /// Merges the parts below `parts` into a feature set at `target`.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT when parts are missing, BAD_DATA when they do
  ///   not belong together, are damaged, or when too many utterances could not be used
  public static FeatureManifest run(Path parts, Path target, Listener listener) {
    List<Path> folders = ShardIndex.parts(parts);
    List<ShardRecord> records = records(parts, folders);
    ShardRecord first = records.getFirst();
    long shardBytes = Long.parseLong(first.settings().get("shard_bytes"));
    try (FeatureWriter writer = like(folders.getFirst(), target, shardBytes)) {
      List<SkippedUtterance> skipped = new ArrayList<>();
      for (int i = 0; i < folders.size(); i++) {
        records.get(i).verify(folders.get(i));
        append(folders.get(i), writer, skipped);
        listener.merged(i + 1, folders.size());
      }
      double allowed =
          records.stream().mapToDouble(ShardRecord::maxBadFraction).max().orElseThrow();
      Extraction.requireEnoughUsable(skipped, first.total(), first.source(), allowed, true);
      return writer.commit();
    }
  }

  /// Opens a writer of a feature set with the origin of a part.
  private static FeatureWriter like(Path part, Path target, long shardBytes) {
    try (FeatureSet set = FeatureSet.open(part)) {
      return new FeatureWriter(
          target, FeatureProvenance.of(set), set.manifest().layers(), shardBytes);
    }
  }

  /// The records of all parts, after a check that they are the parts of one run.
  static List<ShardRecord> records(Path parts, List<Path> folders) {
    if (folders.isEmpty()) {
      throw DuovoxException.missing(
          parts
              + ": holds no parts of a sharded extraction; make them with duovox features --shard"
              + " i/N --out "
              + parts);
    }
    List<ShardRecord> records = new ArrayList<>();
    for (Path folder : folders) {
      ShardRecord record = ShardRecord.read(folder);
      ShardIndex name = ShardIndex.ofFolder(folder).orElseThrow();
      if (record.index() != name.index() || record.count() != name.count()) {
        throw DuovoxException.badData(
            "%s: holds part %d of %d; it was renamed or moved"
                .formatted(folder, record.index(), record.count()));
      }
      String difference = records.isEmpty() ? "" : records.getFirst().difference(record);
      if (!difference.isEmpty()) {
        throw DuovoxException.badData(
            "%s and %s were made from or with %s; make one of them again"
                .formatted(folders.getFirst(), folder, difference));
      }
      records.add(record);
    }
    requireAll(parts, records);
    return records;
  }

  private static void requireAll(Path parts, List<ShardRecord> records) {
    int count = records.getFirst().count();
    if (records.stream().anyMatch(record -> record.count() != count)) {
      throw DuovoxException.badData(
          parts
              + ": holds parts of "
              + records.stream()
                  .map(record -> Integer.toString(record.count()))
                  .distinct()
                  .collect(Collectors.joining(" and of "))
              + "; remove those that do not belong to the run");
    }
    List<Integer> there = records.stream().map(ShardRecord::index).toList();
    List<String> missing =
        IntStream.range(0, count)
            .filter(i -> !there.contains(i))
            .mapToObj(i -> i + "/" + count)
            .toList();
    if (!missing.isEmpty()) {
      throw DuovoxException.missing(
          "%s: %d of %d parts are missing: --shard %s%s"
              .formatted(
                  parts,
                  missing.size(),
                  count,
                  missing.stream().limit(10).collect(Collectors.joining(", ")),
                  missing.size() > 10 ? ", ..." : ""));
    }
  }

  private static void append(Path folder, FeatureWriter writer, List<SkippedUtterance> skipped) {
    try (FeatureSet set = FeatureSet.open(folder)) {
      for (FeatureEntry entry : set.utterances()) {
        writer.begin(entry.id(), entry.fields());
        for (Layer layer : set.manifest().layers()) {
          append(set, entry, layer, writer);
        }
        writer.finish(new AudioIdentity(entry.samples(), entry.audioSha256()));
      }
      for (SkippedUtterance skip : set.skipped()) {
        writer.skip(skip);
        skipped.add(skip);
      }
    }
  }

  private static void append(
      FeatureSet set, FeatureEntry entry, Layer layer, FeatureWriter writer) {
    int frames = entry.frames().get(layer.name());
    int atOnce = Math.max(1, PIECE_VALUES / layer.width());
    for (int first = 0; first < frames; first += atOnce) {
      int count = Math.min(atOnce, frames - first);
      FloatBuffer values = FloatBuffer.allocate(count * layer.width());
      set.read(entry, layer.name(), first, values);
      writer.append(layer.name(), values.flip(), count);
    }
  }
}
