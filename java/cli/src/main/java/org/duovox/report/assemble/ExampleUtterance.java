package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.recipe.DataConfig;
import org.duovox.recipe.StageName.Type;
import org.duovox.report.chart.StripChart;
import org.duovox.report.chart.StripChart.Segment;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitSet;
import tools.jackson.databind.JsonNode;

/// Reads one utterance of a recipe's run as an example: its waveform and the runs of both unit
/// streams over time.
final class ExampleUtterance {
  private static final int SLICES = 600;
  private static final double PREFERRED_SECONDS = 2;

  private final FinishedStages stages;
  private final JsonNode recipe;
  private final List<Path> bases;

  ExampleUtterance(FinishedStages stages, JsonNode recipe, List<Path> bases) {
    this.stages = stages;
    this.recipe = recipe;
    this.bases = bases;
  }

  /// Returns the utterance whose length is nearest to two seconds; empty when the run has no units.
  Optional<StripChart> chart() {
    return stages.of(Type.UNITS).stream()
        .map(FinishedStages.Finished::folder)
        .filter(folder ->
            Files.isDirectory(folder.resolve("contextual"))
                && Files.isDirectory(folder.resolve("phonetic")))
        .findFirst()
        .flatMap(this::chart);
  }

  private Optional<StripChart> chart(Path folder) {
    UnitSet contextual = UnitSet.open(folder.resolve("contextual"));
    UnitSet phonetic = UnitSet.open(folder.resolve("phonetic"));
    List<UtteranceInfo> all = contextual.utterances();
    return choose(all, utterance -> !utterance.fields().containsKey(DataConfig.SHIFT_FIELD))
        .map(i -> {
          UtteranceInfo utterance = all.get(i);
          return new StripChart(
              utterance.id(),
              envelope(utterance.id()),
              seconds(utterance),
              segments(contextual, utterance.id()),
              segments(phonetic, utterance.id()));
        });
  }

  /// Returns the index of the utterance with frames whose length is nearest to two seconds, among
  /// those that may be shown; empty when there is none.
  static Optional<Integer> choose(
      List<UtteranceInfo> utterances, Predicate<UtteranceInfo> mayBeShown) {
    return IntStream.range(0, utterances.size())
        .filter(i -> utterances.get(i).frames() > 0 && mayBeShown.test(utterances.get(i)))
        .boxed()
        .min(
            Comparator.comparingDouble(
                i -> Math.abs(seconds(utterances.get(i)) - PREFERRED_SECONDS)));
  }

  private static double seconds(UtteranceInfo utterance) {
    return utterance.samples() / (double) UtteranceInfo.SAMPLE_RATE;
  }

  /// Returns runs of equal units; a frame stands for the interval around its center.
  private static List<Segment> segments(UnitSet set, String id) {
    int index =
        IntStream.range(0, set.utterances().size())
            .filter(i -> set.utterances().get(i).id().equals(id))
            .findFirst()
            .orElse(-1);
    if (index < 0) {
      return List.of();
    }
    int[] units = set.units(index);
    double interval = set.manifest().intervalMs() / 1000;
    double begin = set.manifest().offsetMs() / 1000 - interval / 2;
    List<Segment> segments = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= units.length; i++) {
      if (i == units.length || units[i] != units[first]) {
        segments.add(new Segment(begin + first * interval, begin + i * interval, units[first]));
        first = i;
      }
    }
    return segments;
  }

  /// Returns the lowest and highest sample of each slice of time; nothing when the audio is not
  /// where the recipe says.
  private float[] envelope(String id) {
    try {
      for (Path base : bases) {
        Optional<Utterance> audio = audio(base, id);
        if (audio.isPresent()) {
          return envelope(AudioLoader.standard().load(audio.get()).samples());
        }
      }
    } catch (DuovoxException e) {
      System.getLogger("org.duovox")
          .log(System.Logger.Level.WARNING, "no waveform: " + e.getMessage());
    }
    return new float[0];
  }

  private Optional<Utterance> audio(Path base, String id) {
    JsonNode data = recipe.path("data");
    Path root = base.resolve(data.path("root").asString("?"));
    String list = data.path("manifest").asString("");
    Path source = list.isEmpty() ? root : root.resolve(list);
    if (!Files.exists(source)) {
      return Optional.empty();
    }
    PathRules rules =
        PathRules.of(
            data.path("allow_absolute").asBoolean(false),
            data.path("manifest_root").asString(null),
            PathRules.Names.SETTINGS);
    return Manifest.read(source, rules).utterances().stream()
        .filter(utterance -> utterance.id().equals(id))
        .filter(utterance -> Files.isRegularFile(utterance.audio()))
        .findFirst();
  }

  private static float[] envelope(float[] samples) {
    int slices = Math.min(SLICES, samples.length);
    float[] envelope = new float[2 * slices];
    for (int slice = 0; slice < slices; slice++) {
      int from = (int) ((long) slice * samples.length / slices);
      int to = (int) ((long) (slice + 1) * samples.length / slices);
      float low = samples[from];
      float high = samples[from];
      for (int i = from + 1; i < to; i++) {
        low = Math.min(low, samples[i]);
        high = Math.max(high, samples[i]);
      }
      envelope[2 * slice] = low;
      envelope[2 * slice + 1] = high;
    }
    return envelope;
  }
}
