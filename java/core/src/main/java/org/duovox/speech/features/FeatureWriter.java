package org.duovox.speech.features;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.Hashes;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;

/// Writes a feature set; the folder appears, complete, on [#commit()] and not at all otherwise. For
/// one thread.
///
/// Equal content gives equal bytes.
public final class FeatureWriter implements FrameDestination<Map<String, Frames>>, AutoCloseable {
  /// Size at which a tensor file is closed and the next begun.
  public static final long SHARD_BYTES = 256L << 20;

  private final PendingDirectory folder;
  private final FeatureProvenance origin;
  private final List<Layer> layers;
  private final long shardBytes;
  private final List<FeatureEntry> entries = new ArrayList<>();
  private final List<SkippedUtterance> skipped = new ArrayList<>();
  private final List<FeatureManifest.Shard> shards = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Long> frames = new LinkedHashMap<>();
  private SafetensorsWriter shard;
  private Current current;
  private long written;
  private long samples;

  /// The utterance that is being written.
  private record Current(
      String id,
      Map<String, String> fields,
      Map<String, SafetensorsWriter.Growing> tensors,
      Map<String, Integer> counts) {}

  public FeatureWriter(Path target, FeatureProvenance origin, List<Layer> layers) {
    this(target, origin, layers, SHARD_BYTES);
  }

  public FeatureWriter(Path target, FeatureProvenance origin, List<Layer> layers, long shardBytes) {
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
  /// @param audioSha256 see [AudioIdentity]
  public void add(
      String id,
      long length,
      String audioSha256,
      Map<String, String> fields,
      Map<String, Frames> values) {
    begin(id, fields);
    append(values);
    finish(new AudioIdentity(length, audioSha256));
  }

  /// All frames are kept as they are.
  @Override
  public Map<String, Frames> prepare(Map<String, Frames> frames) {
    return frames;
  }

  @Override
  public void begin(Utterance utterance) {
    begin(utterance.id(), utterance.fields());
  }

  /// Begins an utterance whose frames come piece by piece.
  public void begin(String id, Map<String, String> fields) {
    requireOpenUtterance(false);
    if (!ids.add(id)) {
      throw DuovoxException.badData("two utterances have the id \"" + id + "\"");
    }
    if (shard == null) {
      shard = Safetensors.create(folder.path().resolve(shardName()), Map.of());
    }
    current = new Current(id, fields, new LinkedHashMap<>(), new LinkedHashMap<>());
    for (Layer layer : layers) {
      String name = FeatureManifest.tensorName(id, layer.name(), layers.size());
      current.tensors().put(layer.name(), shard.grow(name, layer.width()));
    }
  }

  /// Appends frames of every layer to the utterance that was begun.
  @Override
  public void append(Map<String, Frames> values) {
    for (Layer layer : layers) {
      Frames of = values.get(layer.name());
      if (of.width() != layer.width()) {
        throw new IllegalArgumentException(layer + " does not fit " + of);
      }
      append(layer.name(), FloatBuffer.wrap(of.values()), of.frames());
    }
  }

  /// Appends frames of one layer to the utterance that was begun.
  public void append(String layer, FloatBuffer values, int count) {
    requireOpenUtterance(true);
    current.tensors().get(layer).append(values);
    current.counts().merge(layer, count, Math::addExact);
  }

  @Override
  public void finish(AudioIdentity audio) {
    requireOpenUtterance(true);
    for (Layer layer : layers) {
      current.tensors().get(layer.name()).finish();
      long count = current.counts().getOrDefault(layer.name(), 0);
      frames.merge(layer.name(), count, Long::sum);
      written += Float.BYTES * count * layer.width();
    }
    entries.add(
        new FeatureEntry(
            current.id(),
            shardName(),
            audio.samples(),
            current.counts(),
            current.fields(),
            audio.sha256()));
    current = null;
    samples += audio.samples();
    if (written >= shardBytes) {
      finishShard();
    }
  }

  @Override
  public void abandon() {
    requireOpenUtterance(true);
    current.tensors().values().forEach(SafetensorsWriter.Growing::abandon);
    ids.remove(current.id());
    current = null;
  }

  private void requireOpenUtterance(boolean open) {
    if ((current != null) != open) {
      throw new IllegalStateException(open ? "no utterance was begun" : "an utterance is open");
    }
  }

  @Override
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
    return commit(files -> {});
  }

  /// The same with further files of the caller.
  ///
  /// @param more writes the files into the folder that it is given
  public FeatureManifest commit(Consumer<Path> more) {
    requireOpenUtterance(false);
    if (shard != null && !shard.isEmpty()) {
      finishShard();
    }
    FeatureManifest manifest =
        new FeatureManifest(
            origin,
            layers,
            entries.size(),
            frames,
            samples / (double) Encoder.SAMPLE_RATE,
            skipped.size(),
            shards);
    if (shard != null) {
      shard.close();
    }
    lines(FeatureEntry.FILE, entries);
    lines(SkippedUtterance.FILE, skipped);
    AtomicFiles.write(folder.path().resolve(FeatureManifest.FILE), Json.pretty(manifest));
    origin.codes().forEach((layer, vectors) -> vectors.write(folder.path(), layer));
    more.accept(folder.path());
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
