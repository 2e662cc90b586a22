package org.duovox.recipe;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.Hashes;
import org.duovox.recipe.Recipe.Representation;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.extract.Extraction;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.train.log.TrainControl;

/// Extracts both representations of a set of utterances; one pass per encoder gives all of its
/// layers.
final class FeatureStage {
  private static final int NAMED = 5;

  private final Recipe recipe;
  private final StageCache cache;
  private final TrainControl control;
  private final RunListener listener;

  /// @param control once it asks to leave, the extraction stops between two utterances
  FeatureStage(Recipe recipe, StageCache cache, TrainControl control, RunListener listener) {
    this.recipe = recipe;
    this.cache = cache;
    this.control = control;
    this.listener = listener;
  }

  /// Runs the stage.
  ///
  /// @param content hash of the audio and its fields
  Stage run(StageName name, Manifest manifest, String content) {
    Map<EncoderUse, Set<String>> layers = layers();
    Map<EncoderUse, String> weights = new TreeMap<>();
    Map<String, String> versions = new TreeMap<>();
    for (EncoderUse use : layers.keySet()) {
      try (Encoder open = use.open(1)) {
        weights.put(use, open.weightsSha256());
        versions.putAll(open.versions());
      }
    }
    Map<String, Object> settings = Map.of("layers", layers, "weights", weights, "content", content);
    return cache.run(
        name.toString(),
        versions,
        settings,
        List.of(),
        folder ->
            layers.forEach(
                (use, chosen) -> extract(name.toString(), use, chosen, manifest, folder)));
  }

  /// Returns the folder of a representation's features in the folder of a stage. There is one per
  /// encoder, so that two layers of one encoder cost one pass.
  static Path folder(Path stage, Representation representation) {
    return stage.resolve(EncoderUse.of(representation).folder());
  }

  private Map<EncoderUse, Set<String>> layers() {
    Map<EncoderUse, Set<String>> layers = new TreeMap<>();
    Stream.of(recipe.representations().contextual(), recipe.representations().phonetic())
        .forEach(r ->
            layers.computeIfAbsent(EncoderUse.of(r), use -> new LinkedHashSet<>()).add(r.layer()));
    return layers;
  }

  private void extract(
      String stage, EncoderUse use, Set<String> chosen, Manifest manifest, Path folder) {
    // As 'duovox features' does it: files side by side on all cores, each operation on one thread,
    // so that the bytes are the same for any number of both.
    NativeRuntime.setThreads(1);
    try (Encoder open = use.open(Runtime.getRuntime().availableProcessors())) {
      List<Layer> layers = chosen.stream().map(open::layer).toList();
      FeatureManifest written =
          new Extraction(
                  Shifts.loader(AudioLoader.standard()),
                  open,
                  ExtractionOptions.of(layers),
                  new Reporter(stage))
              .writeFeatures(manifest, folder.resolve(use.folder()));
      if (written.utterances() == 0) {
        throw DuovoxException.badData("no utterance could be used; see the remarks above");
      }
    } finally {
      NativeRuntime.setThreads(recipe.threads());
    }
  }

  /// An encoder and how it cuts audio. Layers of one use come from one pass and lie in one folder.
  record EncoderUse(String encoder, String chunking) implements Comparable<EncoderUse> {
    private static final int HASH_SHOWN = 8;

    static EncoderUse of(Representation representation) {
      return new EncoderUse(representation.encoder(), representation.chunking());
    }

    Encoder open(int parallelism) {
      return Encoders.open(encoder, Chunking.parse(chunking), parallelism);
    }

    /// Returns the name of its feature folder. Two encoders of one file name, or one that cuts in
    /// two ways, never share it.
    String folder() {
      String name = Path.of(encoder).getFileName().toString();
      return Encoders.NAMES.contains(encoder)
          ? name
          : name + "-" + Hashes.builder().add(this.toString()).finish().substring(0, HASH_SHOWN);
    }

    @Override
    public int compareTo(EncoderUse other) {
      return toString().compareTo(other.toString());
    }

    /// Returns the encoder, and how audio is cut unless it is read whole.
    @Override
    public String toString() {
      return chunking.equals(Chunking.WHOLE.toString()) ? encoder : encoder + " " + chunking;
    }
  }

  /// Passes progress on and names the first skipped utterances.
  private final class Reporter implements ExtractionListener {
    private final String stage;
    private int skipped;

    Reporter(String stage) {
      this.stage = stage;
    }

    @Override
    public void progress(int done, int total, double seconds) {
      RunStopped.check(control);
      listener.progress(stage, done, total, "utterances");
    }

    @Override
    public void skipped(SkippedUtterance utterance) {
      skipped++;
      if (skipped <= NAMED) {
        listener.remark("skipped %s: %s".formatted(utterance.path(), utterance.reason()));
      } else if (skipped == NAMED + 1) {
        listener.remark("further skipped utterances are listed in errors.jsonl of stage " + stage);
      }
    }
  }
}
