package org.duovox.units;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.io.PendingDirectory;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsWriter;

/// Writes a unit set, utterance by utterance; the folder appears, complete, on [#commit()].
public final class UnitSetWriter implements AutoCloseable {
  // 16 MiB of units: small enough to hold, large enough for few files.
  private static final int SHARD_UNITS = 1 << 22;

  private final PendingDirectory folder;
  private final StreamInfo stream;
  private final Codebook codebook;
  private final List<IndexFile.Entry> index = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final UnitStatistics statistics;
  private final IntList units = new IntList();
  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private int shards;
  private long frames;
  private long samples;

  /// A set at `target` of units of `codebook` for frames of `stream`.
  public UnitSetWriter(Path target, StreamInfo stream, Codebook codebook) {
    this.stream = stream;
    this.codebook = codebook;
    this.statistics = new UnitStatistics(codebook.clusters());
    this.folder = AtomicFiles.createDirectory(target);
  }

  /// Adds an utterance.
  ///
  /// @throws DuovoxException (BAD_DATA) for an id that was added before or a unit outside of the
  ///   vocabulary
  public void add(String id, int[] codes, long audioSamples, Map<String, String> fields) {
    requireCodes(id, codes);
    if (!ids.add(id)) {
      throw DuovoxException.badData("the utterance '" + id + "' occurs twice; ids must be unique");
    }
    if (units.size() > 0 && (long) units.size() + codes.length > SHARD_UNITS) {
      writeShard();
    }
    index.add(
        new IndexFile.Entry(id, shards, offsets.size() - 1, codes.length, audioSamples, fields));
    units.addAll(codes);
    statistics.add(codes);
    offsets.add((long) units.size());
    frames += codes.length;
    samples += audioSamples;
  }

  /// Writes the rest and publishes the folder.
  public void commit() {
    if (index.isEmpty()) {
      throw DuovoxException.badData("there is no utterance to write; the unit set would be empty");
    }
    writeShard();
    IndexFile.write(folder.path(), index);
    codebook.write(folder.path().resolve(UnitSet.CODEBOOK));
    AtomicFiles.write(folder.path().resolve(UnitSet.DIAGNOSTICS), Json.pretty(diagnostics()));
    AtomicFiles.write(folder.path().resolve(UnitSet.MANIFEST), Json.pretty(manifest()));
    folder.commit();
  }

  /// How the units that were added use the vocabulary.
  UnitDiagnostics diagnostics() {
    return statistics.diagnostics();
  }

  /// Removes everything unless it was committed.
  @Override
  public void close() {
    folder.close();
  }

  private void requireCodes(String id, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 0 || codes[i] >= codebook.clusters()) {
        throw DuovoxException.badData(
            "%s: unit %d at frame %d is outside of the vocabulary 0 to %d"
                .formatted(id, codes[i], i, codebook.clusters() - 1));
      }
    }
  }

  private void writeShard() {
    Path file = folder.path().resolve(UnitSet.shard(shards));
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("units", new long[] {units.size()}, units.toArray());
      writer.add(
          "offsets",
          new long[] {offsets.size()},
          offsets.stream().mapToLong(Long::longValue).toArray());
      writer.commit();
    }
    shards++;
    units.clear();
    offsets.clear();
    offsets.add(0L);
  }

  private UnitManifest manifest() {
    return new UnitManifest(
        UnitManifest.FORMAT,
        1,
        Versions.DUOVOX,
        stream.encoder(),
        stream.layer(),
        stream.weightsSha256(),
        stream.normalisation(),
        stream.chunking(),
        stream.intervalMs(),
        stream.offsetMs(),
        codebook.clusters(),
        codebook.sha256(),
        index.size(),
        frames,
        (double) samples / UtteranceInfo.SAMPLE_RATE,
        shards);
  }
}
