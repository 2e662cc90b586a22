package org.duovox.eval.abx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureSet;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.sets.UnitSet;

/// Frames that Duovox itself has written: a feature set, a unit set, or embeddings of a corpus.
record StoredFrames(
    Path folder,
    Set<String> ids,
    double intervalMs,
    double centerMs,
    boolean areUnits,
    Function<String, Frames> reader,
    AutoCloseable files)
    implements FrameSource {
  private static final String EMBEDDINGS = "embeddings.safetensors";

  /// Opens a folder of any form of frames.
  ///
  /// @param layer of a feature set; null for its only one
  /// @param corpus folder of the corpus that embeddings were made of; null for other frames. It
  ///   says how long each row lasts
  static FrameSource open(Path folder, String layer, Path corpus) {
    if (!Files.isDirectory(folder)) {
      throw DuovoxException.missing("no such folder of features: " + folder);
    }
    String format = format(folder);
    if (layer != null && !format.equals("duovox-features")) {
      throw DuovoxException.usage("--layer is for feature sets; " + folder + " is none");
    }
    boolean embeddings = Files.exists(folder.resolve(EMBEDDINGS));
    if (embeddings && corpus == null) {
      throw DuovoxException.usage(
          folder
              + ": holds embeddings, whose rows are tokens of different length; name the corpus"
              + " they were made of with --corpus");
    }
    FrameSource source =
        switch (format) {
          case "duovox-features" -> features(folder, layer);
          case "duovox-units" -> units(folder);
          default -> embeddings ? tensors(folder) : FrameFiles.list(folder);
        };
    return corpus == null ? source : tokens(source, corpus);
  }

  private static String format(Path folder) {
    Path manifest = folder.resolve(UnitSet.MANIFEST);
    return Files.isRegularFile(manifest) ? Json.tree(manifest).path("format").asString("") : "";
  }

  private static FrameSource features(Path folder, String name) {
    FeatureSet set = FeatureSet.open(folder);
    List<String> names = set.manifest().layers().stream().map(Layer::name).toList();
    if (name == null && names.size() > 1) {
      set.close();
      throw DuovoxException.usage(
          "%s: has the layers %s; choose one with --layer"
              .formatted(folder, String.join(", ", names)));
    }
    Layer layer = set.layer(name == null ? names.getFirst() : name);
    Set<String> ids = new LinkedHashSet<>();
    set.utterances().stream().map(FeatureEntry::id).forEach(ids::add);
    return new StoredFrames(
        folder,
        ids,
        layer.intervalMs(),
        layer.offsetMs(),
        false,
        id -> set.read(id, layer.name()),
        set);
  }

  private static FrameSource units(Path folder) {
    UnitSet set = UnitSet.open(folder);
    StreamInfo stream = set.manifest().stream();
    Map<String, Integer> index = new TreeMap<>();
    for (int i = 0; i < set.utterances().size(); i++) {
      index.put(set.utterances().get(i).id(), i);
    }
    return new StoredFrames(
        folder,
        index.keySet(),
        stream.intervalMs(),
        stream.offsetMs(),
        true,
        id -> frames(set.units(index.get(id))),
        () -> {});
  }

  /// Units as frames of one value, which float holds exactly.
  private static Frames frames(int[] units) {
    float[] values = new float[units.length];
    for (int i = 0; i < units.length; i++) {
      values[i] = units[i];
    }
    return new Frames(values, units.length, 1);
  }

  private static FrameSource tensors(Path folder) {
    SafetensorsFile file = Safetensors.open(folder.resolve(EMBEDDINGS));
    Set<String> ids = new LinkedHashSet<>();
    for (TensorInfo tensor : file.tensors()) {
      ids.add(tensor.name());
    }
    return new StoredFrames(
        folder, ids, Double.NaN, Double.NaN, false, id -> tensor(file, id), file);
  }

  private static Frames tensor(SafetensorsFile file, String id) {
    long[] shape = file.require(id).shape();
    if (shape.length != 2) {
      throw DuovoxException.badData(
          "%s: the tensor %s has %d dimensions; it needs two (rows, width)"
              .formatted(file.path(), id, shape.length));
    }
    return new Frames(file.floats(id), (int) shape[0], (int) shape[1]);
  }

  /// Rows of tokens, each repeated for the frames that the token lasts; rows of CLS and SEP fall
  /// away.
  private static FrameSource tokens(FrameSource rows, Path folder) {
    Corpus corpus = Corpus.open(folder);
    StreamInfo stream = corpus.contextual().features();
    Map<String, int[]> durations = new TreeMap<>();
    corpus.utterances().forEach(utterance -> durations.put(utterance.id(), utterance.durations()));
    Set<String> ids = new LinkedHashSet<>(rows.ids());
    ids.retainAll(durations.keySet());
    return new StoredFrames(
        folder,
        Collections.unmodifiableSet(ids),
        stream.intervalMs(),
        stream.offsetMs(),
        rows.areUnits(),
        id -> repeated(rows.read(id), durations.get(id), rows.place(id)),
        rows);
  }

  private static Frames repeated(Frames rows, int[] durations, String place) {
    boolean special = rows.frames() == durations.length + 2;
    if (!special && rows.frames() != durations.length) {
      throw DuovoxException.badData(
          "%s: %d rows, but the corpus has %d tokens there; were they made of this corpus?"
              .formatted(place, rows.frames(), durations.length));
    }
    int width = rows.width();
    List<Integer> order = new ArrayList<>();
    for (int token = 0; token < durations.length; token++) {
      order.addAll(Collections.nCopies(durations[token], token + (special ? 1 : 0)));
    }
    float[] values = new float[Math.multiplyExact(order.size(), width)];
    for (int i = 0; i < order.size(); i++) {
      System.arraycopy(rows.values(), order.get(i) * width, values, i * width, width);
    }
    return new Frames(values, order.size(), width);
  }

  @Override
  public Frames read(String id) {
    return reader.apply(id);
  }

  @Override
  public String place(String id) {
    return folder + ", utterance " + id;
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
