package org.duovox.speech.features;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.Suggestions;
import org.duovox.io.TextInput;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;

/// A feature set that is open for reading: utterances in the order of the index, frames read on
/// demand. Safe for use by several threads.
///
/// Opening checks that manifest, index and tensor files agree; the sums of the tensor files are
/// checked by [#verify()].
public final class FeatureSet implements AutoCloseable {
  private final Path folder;
  private final FeatureManifest manifest;
  private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final Map<String, FeatureEntry> entries = new LinkedHashMap<>();
  private final List<FeatureEntry> order;

  private FeatureSet(Path folder) {
    this.folder = folder;
    this.manifest = FeatureManifest.read(folder);
    boolean opened = false;
    try {
      for (FeatureManifest.Shard shard : manifest.shards()) {
        shards.put(shard.file(), openShard(shard));
      }
      readIndex();
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
    this.order = List.copyOf(entries.values());
  }

  /// Opens a folder that `duovox features` has written.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT when it is no finished feature set, BAD_DATA
  ///   when its parts disagree
  public static FeatureSet open(Path folder) {
    return new FeatureSet(folder);
  }

  private SafetensorsFile openShard(FeatureManifest.Shard shard) {
    Path file = folder.resolve(shard.file());
    if (!folder.equals(file.getParent())) {
      throw DuovoxException.badData(folder + ": shard " + shard.file() + " leaves the folder");
    }
    try {
      long size = Files.size(file);
      if (size != shard.bytes()) {
        throw broken("%s has %d bytes, the manifest says %d", shard.file(), size, shard.bytes());
      }
    } catch (NoSuchFileException e) {
      throw broken("%s is missing", shard.file());
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
    return Safetensors.open(file);
  }

  private void readIndex() {
    Path file = folder.resolve(FeatureEntry.FILE);
    int number = 0;
    if (!Files.exists(file)) {
      throw broken("%s is missing", FeatureEntry.FILE);
    }
    try (BufferedReader reader = TextInput.reader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String where = file + ":" + number;
        FeatureEntry entry = Json.parseLine(line, FeatureEntry.class, where);
        if (entries.put(entry.id(), entry) != null) {
          throw DuovoxException.badData(where + ": the id \"" + entry.id() + "\" occurs twice");
        }
        requireTensors(entry);
      }
    } catch (CharacterCodingException e) {
      throw DuovoxException.badData(file + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
    if (number != manifest.utterances()) {
      throw broken("the index holds %d utterances, the manifest %d", number, manifest.utterances());
    }
    requireFrames();
  }

  private void requireFrames() {
    for (Layer layer : manifest.layers()) {
      long found =
          entries.values().stream().mapToLong(entry -> entry.frames().get(layer.name())).sum();
      Long stated = manifest.frames() == null ? null : manifest.frames().get(layer.name());
      if (stated == null || stated != found) {
        throw broken("layer %s has %d frames, the manifest says %s", layer.name(), found, stated);
      }
    }
  }

  private void requireTensors(FeatureEntry entry) {
    SafetensorsFile shard = shards.get(entry.shard());
    if (shard == null) {
      throw broken("utterance %s lies in %s, which the manifest lacks", entry.id(), entry.shard());
    }
    for (Layer layer : manifest.layers()) {
      Integer frames = entry.frames().get(layer.name());
      Optional<TensorInfo> tensor = shard.find(manifest.tensorName(entry.id(), layer.name()));
      boolean fits =
          frames != null
              && tensor.isPresent()
              && tensor.get().dtype() == DType.F32
              && tensor.get().shape().length == 2
              && tensor.get().shape()[0] == frames
              && tensor.get().shape()[1] == layer.width();
      if (!fits) {
        throw broken(
            "layer %s of utterance %s is not as the index says in %s",
            layer.name(), entry.id(), entry.shard());
      }
    }
  }

  private DuovoxException broken(String what, Object... values) {
    return DuovoxException.badData(
        folder + ": " + what.formatted(values) + "; the folder is damaged, make it again");
  }

  public FeatureManifest manifest() {
    return manifest;
  }

  /// All utterances in the order of the index, which is that of the manifest of the audio.
  public List<FeatureEntry> utterances() {
    return order;
  }

  /// Returns the layer of this name, or of a short one ([Layer#resolve]).
  ///
  /// @throws DuovoxException of kind BAD_CONFIG that lists the layers there are
  public Layer layer(String name) {
    List<String> names = manifest.layers().stream().map(Layer::name).toList();
    int index = names.indexOf(Layer.resolve(name, names));
    if (index < 0) {
      throw DuovoxException.config(
          "%s has no layer \"%s\"; it has %s".formatted(folder, name, String.join(", ", names)));
    }
    return manifest.layers().get(index);
  }

  /// The vectors that the codes of a layer stand for; empty for a layer that holds no codes.
  public Optional<FeatureCodebook> codebook(String layer) {
    return FeatureCodebook.find(folder, layer(layer));
  }

  /// Reads the frames of one utterance.
  public Frames read(FeatureEntry entry, String layer) {
    Layer of = layer(layer);
    String tensor = manifest.tensorName(entry.id(), of.name());
    int frames = entry.frames().get(of.name());
    return new Frames(shards.get(entry.shard()).floats(tensor), frames, of.width());
  }

  /// Fills the remaining space of the target with frames, from frame `firstFrame` on.
  public void read(FeatureEntry entry, String layer, int firstFrame, FloatBuffer target) {
    String tensor = manifest.tensorName(entry.id(), layer(layer).name());
    shards.get(entry.shard()).readFloats(tensor, (long) firstFrame * layer(layer).width(), target);
  }

  /// Puts `count` frames into the buffer, from frame `first` on. The buffer must be little-endian,
  /// as the files are.
  public void read(FeatureEntry entry, String layer, int first, int count, ByteBuffer target) {
    if (target.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("the buffer is " + target.order());
    }
    Layer of = layer(layer);
    int width = of.width();
    shards
        .get(entry.shard())
        .readBytes(
            manifest.tensorName(entry.id(), of.name()),
            (long) first * width,
            (long) count * width,
            target);
  }

  /// Reads the frames of the utterance with this id.
  public Frames read(String id, String layer) {
    FeatureEntry entry = entries.get(id);
    if (entry == null) {
      throw DuovoxException.badData(
          folder
              + ": has no utterance \""
              + id
              + "\""
              + Suggestions.nearest(id, entries.keySet())
                  .map(near -> "; did you mean \"" + near + "\"?")
                  .orElse(""));
    }
    return read(entry, layer);
  }

  /// Hands over the frames of every utterance, one at a time, in the order of the index.
  public void forEach(String layer, BiConsumer<FeatureEntry, Frames> consumer) {
    order.forEach(entry -> consumer.accept(entry, read(entry, layer)));
  }

  /// The utterances that could not be used when the set was made.
  public List<SkippedUtterance> skipped() {
    return Json.lines(folder.resolve(SkippedUtterance.FILE), SkippedUtterance.class);
  }

  /// Reads all tensor files and compares their sums with the manifest.
  public void verify() {
    for (FeatureManifest.Shard shard : manifest.shards()) {
      if (!Hashes.sha256(folder.resolve(shard.file())).equals(shard.sha256())) {
        throw broken("%s has not the SHA-256 of the manifest", shard.file());
      }
    }
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }
}
