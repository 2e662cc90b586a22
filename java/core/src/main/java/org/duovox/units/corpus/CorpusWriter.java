package org.duovox.units.corpus;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.Codebook;
import org.duovox.units.IntList;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.IndexFile;
import org.duovox.units.sets.UnitSet;

/// Writes the folder of a corpus, utterance by utterance; it appears, complete, on
/// [#commit(CorpusManifest)].
public final class CorpusWriter implements AutoCloseable {
  // 16 MiB of phonetic units, which are the longer list.
  private static final int SHARD_UNITS = 1 << 22;

  // A mapping holds at most 2 GiB.
  private static final long SHARD_FEATURES = 1L << 30;

  private final PendingDirectory folder;
  private final Optional<TokenFeatureWriter> features;
  private final List<IndexFile.Entry> index = new ArrayList<>();
  private final IntList contextual = new IntList();
  private final IntList durations = new IntList();
  private final IntList phonetic = new IntList();
  private final IntList start = new IntList();
  private final IntList end = new IntList();
  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private final List<Long> phoneticOffsets = new ArrayList<>(List.of(0L));
  private int shards;
  private long tokens;
  private long units;
  private long samples;

  public CorpusWriter(Path target) {
    this(target, 0, FeatureType.FLOAT16);
  }

  /// @param width values of the features that are kept for every token; 0 for no features
  public CorpusWriter(Path target, int width, FeatureType type) {
    this.folder = AtomicFiles.createDirectory(target);
    this.features =
        width == 0
            ? Optional.empty()
            : Optional.of(new TokenFeatureWriter(folder.path(), width, type));
  }

  /// Adds an utterance with the features of its tokens, (tokens, width).
  public void add(UnitUtterance utterance, FloatBuffer means) {
    add(utterance);
    features.orElseThrow().add(utterance.id(), means);
  }

  public void add(UnitUtterance utterance) {
    if (contextual.size() > 0 && isFull(utterance)) {
      writeShard();
    }
    index.add(
        new IndexFile.Entry(
            utterance.id(),
            shards,
            offsets.size() - 1,
            utterance.tokens(),
            utterance.samples(),
            utterance.fields(),
            utterance.audioSha256()));
    contextual.addAll(utterance.contextual());
    durations.addAll(utterance.durations());
    phonetic.addAll(utterance.phonetic());
    start.addAll(utterance.start());
    end.addAll(utterance.end());
    offsets.add((long) contextual.size());
    phoneticOffsets.add((long) phonetic.size());
    tokens += utterance.tokens();
    units += utterance.phonetic().length;
    samples += utterance.samples();
  }

  private boolean isFull(UnitUtterance next) {
    long row = features.map(TokenFeatureWriter::rowBytes).orElse(0L);
    return (long) phonetic.size() + next.phonetic().length > SHARD_UNITS
        || (contextual.size() + (long) next.tokens()) * row > SHARD_FEATURES;
  }

  /// Identity of the features; "" without.
  public String featuresSha256() {
    return features.map(TokenFeatureWriter::sha256).orElse("");
  }

  public int utterances() {
    return index.size();
  }

  public long tokens() {
    return tokens;
  }

  public long phoneticUnits() {
    return units;
  }

  double seconds() {
    return (double) samples / UtteranceInfo.SAMPLE_RATE;
  }

  /// Writes the last shard. Call it before reading [#shards()].
  public void finish() {
    writeShard();
  }

  public int shards() {
    return shards;
  }

  /// Publishes the folder; a stream of imported units may be without a codebook.
  public void commit(
      CorpusManifest manifest,
      Optional<Codebook> contextualCodebook,
      Optional<Codebook> phoneticCodebook) {
    IndexFile.write(folder.path(), index);
    contextualCodebook.ifPresent(c -> c.write(folder.path().resolve(Corpus.CONTEXTUAL_CODEBOOK)));
    phoneticCodebook.ifPresent(c -> c.write(folder.path().resolve(Corpus.PHONETIC_CODEBOOK)));
    AtomicFiles.write(folder.path().resolve(UnitSet.MANIFEST), Json.pretty(manifest));
    folder.commit();
  }

  @Override
  public void close() {
    features.ifPresent(TokenFeatureWriter::close);
    folder.close();
  }

  private void writeShard() {
    Path file = folder.path().resolve(Corpus.shard(shards));
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      add(writer, "contextual", contextual);
      add(writer, "durations", durations);
      add(writer, "phonetic", phonetic);
      add(writer, "phonetic_start", start);
      add(writer, "phonetic_end", end);
      add(writer, "offsets", offsets);
      add(writer, "phonetic_offsets", phoneticOffsets);
      writer.commit();
    }
    features.ifPresent(TokenFeatureWriter::endShard);
    shards++;
  }

  private static void add(SafetensorsWriter writer, String name, IntList values) {
    writer.add(name, new long[] {values.size()}, values.toArray());
    values.clear();
  }

  private static void add(SafetensorsWriter writer, String name, List<Long> values) {
    writer.add(
        name, new long[] {values.size()}, values.stream().mapToLong(Long::longValue).toArray());
    values.clear();
    values.add(0L);
  }
}
