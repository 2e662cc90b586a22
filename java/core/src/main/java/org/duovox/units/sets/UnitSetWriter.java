package org.duovox.units.sets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.Codebook;
import org.duovox.units.IntList;
import org.duovox.units.StreamInfo;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.UtteranceInfo;

/// Writes a unit set, utterance by utterance; the folder appears, complete, on [#commit()].
public final class UnitSetWriter implements AutoCloseable {
  // 16 MiB of units: small enough to hold, large enough for few files.
  private static final int SHARD_UNITS = 1 << 22;

  private final PendingDirectory folder;
  private final StreamInfo stream;
  private final int vocabulary;
  private final Optional<Codebook> codebook;
  private final Map<String, String> source;
  private final Hashes.LittleEndian sum = new Hashes.LittleEndian();
  private final List<IndexFile.Entry> index = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final UnitDiagnostics.Counter counter;
  private final IntList units = new IntList();
  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private double batchSeconds;
  private int shards;
  private long frames;
  private long samples;
  private long framesOfUnknownLength;

  /// Begins a set at `target` of units of `codebook` for frames of `stream`.
  public UnitSetWriter(Path target, StreamInfo stream, Codebook codebook) {
    this(target, stream, codebook.clusters(), Optional.of(codebook), Map.of());
  }

  /// Begins a set of imported units.
  ///
  /// @param vocabulary number of codes
  /// @param codebook with as many codes, or empty
  /// @param source see [UnitManifest]
  public UnitSetWriter(
      Path target,
      StreamInfo stream,
      int vocabulary,
      Optional<Codebook> codebook,
      Map<String, String> source) {
    if (codebook.isPresent() && codebook.get().clusters() != vocabulary) {
      throw DuovoxException.badData(
          ("the codebook has %d codes, the units a vocabulary of %d; give the codebook they were"
                  + " made with")
              .formatted(codebook.get().clusters(), vocabulary));
    }
    this.stream = stream;
    this.vocabulary = vocabulary;
    this.codebook = codebook;
    this.source = source;
    this.counter = new UnitDiagnostics.Counter(vocabulary);
    this.folder = AtomicFiles.createDirectory(target);
  }

  /// Records that frames of this much audio were encoded together.
  UnitSetWriter inBatches(double seconds) {
    batchSeconds = seconds;
    return this;
  }

  /// Adds an utterance of audio of unknown identity.
  public void add(String id, int[] codes, long audioSamples, Map<String, String> fields) {
    add(new UtteranceInfo(id, codes.length, audioSamples, fields), codes);
  }

  /// Adds an utterance; `codes` are its units, whatever the number of frames in `info`.
  ///
  /// @throws DuovoxException (BAD_DATA) for an id that was added before or a unit outside of the
  ///   vocabulary
  public void add(UtteranceInfo info, int[] codes) {
    String id = info.id();
    requireCodes(id, codes);
    if (!ids.add(id)) {
      throw DuovoxException.badData("the utterance '" + id + "' occurs twice; ids must be unique");
    }
    if (units.size() > 0 && (long) units.size() + codes.length > SHARD_UNITS) {
      writeShard();
    }
    index.add(
        new IndexFile.Entry(
            id,
            shards,
            offsets.size() - 1,
            codes.length,
            info.samples(),
            info.fields(),
            info.audioSha256()));
    UnitSet.add(sum, id, codes);
    units.addAll(codes);
    counter.add(codes);
    offsets.add((long) units.size());
    frames += codes.length;
    samples += info.samples();
    framesOfUnknownLength += info.samples() == 0 ? codes.length : 0;
  }

  /// Writes the rest and publishes the folder.
  public void commit() {
    if (index.isEmpty()) {
      throw DuovoxException.badData("there is no utterance to write; the unit set would be empty");
    }
    writeShard();
    IndexFile.write(folder.path(), index);
    codebook.ifPresent(codes -> codes.write(folder.path().resolve(UnitSet.CODEBOOK)));
    AtomicFiles.write(folder.path().resolve(UnitSet.DIAGNOSTICS), Json.pretty(diagnostics()));
    AtomicFiles.write(folder.path().resolve(UnitSet.MANIFEST), Json.pretty(manifest()));
    folder.commit();
  }

  /// The diagnostics of the units added so far.
  UnitDiagnostics diagnostics() {
    return counter.diagnostics();
  }

  /// Removes everything unless it was committed.
  @Override
  public void close() {
    folder.close();
  }

  private void requireCodes(String id, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 0 || codes[i] >= vocabulary) {
        throw DuovoxException.badData(
            "%s: unit %d at frame %d is outside of the vocabulary 0 to %d"
                .formatted(id, codes[i], i, vocabulary - 1));
      }
    }
  }

  private void writeShard() {
    Path file = folder.path().resolve(UnitSet.shardName(shards));
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

  /// Seconds of audio; where the length is unknown, those of the frames.
  private double seconds() {
    return (double) samples / UtteranceInfo.SAMPLE_RATE
        + framesOfUnknownLength * stream.intervalMs() / 1000;
  }

  private UnitManifest manifest() {
    return new UnitManifest(
        stream,
        batchSeconds,
        vocabulary,
        codebook.map(Codebook::sha256).orElse(""),
        index.size(),
        frames,
        seconds(),
        shards,
        sum.finish(),
        source);
  }
}
