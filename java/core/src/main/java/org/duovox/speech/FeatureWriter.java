package org.duovox.speech;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Hashes;
import org.duovox.io.Json;
import org.duovox.io.PendingDirectory;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsWriter;

/// Writes a feature set; the folder appears, complete, on [#commit()] and not at all otherwise. For
/// one thread.
///
/// Equal content gives equal bytes.
public final class FeatureWriter implements AutoCloseable {
  /// Size at which a tensor file is closed and the next begun.
  public static final long SHARD_BYTES = 256L << 20;

  private final PendingDirectory folder;
  private final Origin origin;
  private final List<Layer> layers;
  private final long shardBytes;
  private final List<FeatureEntry> entries = new ArrayList<>();
  private final List<SkippedUtterance> skipped = new ArrayList<>();
  private final List<FeatureManifest.Shard> shards = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Long> frames = new LinkedHashMap<>();
  private SafetensorsWriter shard;
  private long written;
  private long samples;

  /// What made the features, for the manifest.
  public record Origin(
      String encoder, String weightsSha256, String normalisation, String chunking) {
    static Origin of(Encoder encoder) {
      return new Origin(
          encoder.name(), encoder.weightsSha256(), encoder.normalisation(), encoder.chunking());
    }
  }

  public FeatureWriter(Path target, Origin origin, List<Layer> layers) {
    this(target, origin, layers, SHARD_BYTES);
  }

  FeatureWriter(Path target, Origin origin, List<Layer> layers, long shardBytes) {
    this.origin = origin;
    this.layers = List.copyOf(layers);
    this.shardBytes = shardBytes;
    layers.forEach(layer -> frames.put(layer.name(), 0L));
    this.folder = AtomicFiles.createDirectory(target);
  }

  /// Adds an utterance of audio whose sum is not known.
  public void add(String id, long length, Map<String, String> fields, Map<String, Frames> values) {
    add(id, length, "", fields, values);
  }

  /// Adds an utterance with the frames of every layer.
  ///
  /// @param audioSha256 see [FeatureEntry]
  public void add(
      String id,
      long length,
      String audioSha256,
      Map<String, String> fields,
      Map<String, Frames> values) {
    if (!ids.add(id)) {
      throw DuovoxException.badData("two utterances have the id \"" + id + "\"");
    }
    if (shard == null) {
      shard = Safetensors.create(folder.path().resolve(shardName()), Map.of());
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Layer layer : layers) {
      Frames of = values.get(layer.name());
      if (of.width() != layer.width()) {
        throw new IllegalArgumentException(layer + " does not fit " + of);
      }
      String name = FeatureManifest.tensorName(id, layer.name(), layers.size());
      shard.add(name, new long[] {of.frames(), of.width()}, of.values());
      counts.put(layer.name(), of.frames());
      frames.merge(layer.name(), (long) of.frames(), Long::sum);
      written += (long) Float.BYTES * of.values().length;
    }
    entries.add(new FeatureEntry(id, shardName(), length, counts, fields, audioSha256));
    samples += length;
    if (written >= shardBytes) {
      finishShard();
    }
  }

  /// Records an utterance that could not be used.
  public void skip(SkippedUtterance utterance) {
    skipped.add(utterance);
  }

  private String shardName() {
    return "features-%05d.safetensors".formatted(shards.size());
  }

  private void finishShard() {
    Path file = folder.path().resolve(shardName());
    shard.commit();
    shard = null;
    try {
      shards.add(new FeatureManifest.Shard(shardName(), Files.size(file), Hashes.sha256(file)));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
    written = 0;
  }

  /// Writes index, errors and manifest and makes the folder visible.
  public FeatureManifest commit() {
    if (shard != null) {
      finishShard();
    }
    FeatureManifest manifest =
        new FeatureManifest(
            FeatureManifest.FORMAT,
            FeatureManifest.VERSION,
            Versions.DUOVOX,
            origin.encoder(),
            origin.weightsSha256(),
            origin.normalisation(),
            origin.chunking(),
            Encoder.SAMPLE_RATE,
            layers,
            entries.size(),
            frames,
            samples / (double) Encoder.SAMPLE_RATE,
            skipped.size(),
            shards);
    lines(FeatureEntry.FILE, entries);
    lines(SkippedUtterance.FILE, skipped);
    AtomicFiles.write(folder.path().resolve(FeatureManifest.FILE), Json.pretty(manifest));
    folder.commit();
    return manifest;
  }

  private void lines(String file, List<?> values) {
    AtomicFiles.write(
        folder.path().resolve(file),
        (OutputStream stream) -> {
          for (Object value : values) {
            stream.write(Json.line(value).getBytes(StandardCharsets.UTF_8));
            stream.write('\n');
          }
        });
  }

  @Override
  public void close() {
    if (shard != null) {
      shard.close();
    }
    folder.close();
  }
}
