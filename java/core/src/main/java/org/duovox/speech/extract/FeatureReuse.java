package org.duovox.speech.extract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.ShardIndex;

/// Compares a finished feature set with what an extraction or a merge would write.
public final class FeatureReuse {
  private FeatureReuse() {}

  /// What differs between a feature set and what an extraction would make, in words; "" when it
  /// would be made again with the same content.
  ///
  /// @param done receives the number of utterances compared
  public static String difference(
      Path folder, AudioReuse audio, Encoder encoder, ExtractionOptions options, IntConsumer done) {
    return compared(
        folder,
        set -> {
          String settings = settings(set.manifest(), options.provenance(encoder), options.layers());
          return settings.isEmpty()
              ? audio.difference(made(set.utterances()), set.skipped(), done)
              : settings;
        });
  }

  /// The same for what a merge of parts would make.
  public static String difference(Path folder, Path parts) {
    List<Path> folders = ShardIndex.parts(parts);
    List<ShardRecord> records = FeatureMerge.records(parts, folders);
    if (Double.parseDouble(records.getFirst().settings().get("batch_seconds")) > 0) {
      return "the parts were made in batches, whose last bits depend on how they were put together";
    }
    return compared(folder, set -> difference(set, folders));
  }

  private static String difference(FeatureSet set, List<Path> parts) {
    List<AudioReuse.Made> made = new ArrayList<>();
    List<SkippedUtterance> skipped = new ArrayList<>();
    for (Path part : parts) {
      try (FeatureSet of = FeatureSet.open(part)) {
        String settings =
            settings(set.manifest(), FeatureProvenance.of(of), of.manifest().layers());
        if (!settings.isEmpty()) {
          return settings;
        }
        made.addAll(made(of.utterances()));
        skipped.addAll(of.skipped());
      }
    }
    if (made.stream().anyMatch(utterance -> utterance.audioSha256().isEmpty())) {
      return "which audio it was made of is not recorded";
    }
    boolean same = made.equals(made(set.utterances())) && skipped.equals(set.skipped());
    return same ? "" : "other utterances or other audio";
  }

  private static String compared(Path folder, Function<FeatureSet, String> difference) {
    try (FeatureSet set = FeatureSet.open(folder)) {
      set.verify();
      return difference.apply(set);
    } catch (DuovoxException e) {
      return Outcome.reasonOrRethrow(e);
    }
  }

  private static List<AudioReuse.Made> made(List<FeatureEntry> entries) {
    return entries.stream()
        .map(entry -> new AudioReuse.Made(entry.id(), entry.fields(), entry.audioSha256()))
        .toList();
  }

  private static String settings(
      FeatureManifest found, FeatureProvenance wanted, List<Layer> layers) {
    Map<String, List<Object>> pairs = new LinkedHashMap<>();
    pairs.put("encoder", List.of(found.encoder(), wanted.encoder()));
    pairs.put("layers", List.of(names(found.layers()), names(layers)));
    pairs.put("frame times or widths", List.of(found.layers(), layers));
    pairs.put("weights", List.of(found.weightsSha256(), wanted.weightsSha256()));
    pairs.put("normalization", List.of(found.normalization(), wanted.normalization()));
    pairs.put("chunking", List.of(found.chunking(), wanted.chunking()));
    pairs.put("--batch-seconds", List.of(found.batchSeconds(), wanted.batchSeconds()));
    pairs.put("version of Duovox", List.of(found.duovox(), Versions.DUOVOX));
    return pairs.entrySet().stream()
        .filter(pair -> !pair.getValue().getFirst().equals(pair.getValue().getLast()))
        .map(pair ->
            "%s %s against %s"
                .formatted(pair.getKey(), pair.getValue().getFirst(), pair.getValue().getLast()))
        .findFirst()
        .orElse("");
  }

  private static String names(List<Layer> layers) {
    return String.join(", ", layers.stream().map(Layer::name).toList());
  }
}
