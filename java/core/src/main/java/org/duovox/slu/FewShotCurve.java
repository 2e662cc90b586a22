package org.duovox.slu;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.ClusterBootstrap;
import org.duovox.eval.ClusterBootstrap.Resample;
import org.duovox.eval.Estimate;
import org.duovox.internal.Device;
import org.duovox.io.atomic.TemporaryFolder;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;

/// How accuracy grows with the number of labeled examples of a class, for a pretrained model and
/// for the same model with random weights: what pretraining is worth.
///
/// A point is the mean over several draws of examples; both systems see the same ones. The states
/// that probes read are standardized by all training utterances, which takes no labels. Shifted
/// copies of utterances are left out.
public final class FewShotCurve {
  /// The number of shots that stands for all examples.
  public static final int ALL = Integer.MAX_VALUE;

  /// What is compared with what.
  public enum Weights {
    @JsonProperty("pretrained")
    PRETRAINED,
    @JsonProperty("random")
    RANDOM,
    /// Pretrained less random, utterance by utterance.
    @JsonProperty("difference")
    DIFFERENCE
  }

  /// One point.
  ///
  /// @param shots examples of a class; null for all
  /// @param examples training utterances
  /// @param draws of examples
  /// @param exactMatch share of test utterances with all columns right, mean over the draws; the
  ///   interval is that over speakers and utterances where speakers are known, else over utterances
  /// @param deviation standard deviation over the draws; NaN for one draw
  /// @param byDraw value of each draw
  public record Point(
      Weights weights,
      Integer shots,
      int examples,
      int draws,
      Estimate exactMatch,
      double deviation,
      List<Double> byDraw) {}

  /// What a curve is asked for.
  ///
  /// @param shots examples of a class, [#ALL] for all
  /// @param draws of examples for each number of shots but [#ALL], which has one
  /// @param random whether the model with random weights is computed too
  /// @param speaker field of the speakers; utterances without it are not grouped
  /// @param gold what is expected of the labels of the test utterances
  /// @param tuning settings of fine-tuning; null for probes on the frozen model
  public record Request(
      Slots slots,
      List<Integer> shots,
      int draws,
      boolean random,
      String speaker,
      Gold gold,
      ProbeConfig probe,
      SluConfig tuning) {
    public Request {
      shots = List.copyOf(shots);
      if (shots.isEmpty() || shots.stream().anyMatch(k -> k < 1)) {
        throw DuovoxException.usage("shots must be at least 1, e.g. 1,5,10,all");
      }
      if (new HashSet<>(shots).size() < shots.size()) {
        throw DuovoxException.usage("shots must differ from each other, e.g. 1,5,10,all");
      }
      if (draws < 1 || draws > 10_000) {
        throw DuovoxException.usage("draws must be 1 to 10000, but is " + draws);
      }
    }
  }

  /// Hears how far it is.
  public interface Listener {
    /// Tells how many classifiers of all are trained.
    void fitted(int done, int all);
  }

  private final Request request;
  private final Corpus training;
  private final Corpus test;
  private final Map<String, List<Integer>> byClass;
  private final Listener listener;
  private int fitted;

  private FewShotCurve(Request request, Corpus training, Corpus test, Listener listener) {
    this.request = request;
    this.training = training.filter(utterance -> !utterance.isCopy());
    this.test = test.filter(utterance -> !utterance.isCopy());
    this.byClass = ClassBalance.byClass(this.training, request.slots());
    this.listener = listener;
  }

  /// Computes the curve.
  ///
  /// @param pretrained folder of the model
  /// @throws DuovoxException (BAD_DATA) when both parts share an utterance, an utterance lacks a
  ///   label, or a label of the test is not in training (unless allowed)
  public static List<Point> of(
      Path pretrained,
      Corpus training,
      Corpus test,
      Request request,
      Device device,
      Listener listener) {
    FewShotCurve curve = new FewShotCurve(request, training, test, listener);
    curve.requireApart();
    curve.requireLabels();
    return request.tuning() == null
        ? curve.ofProbes(pretrained, device)
        : curve.ofModels(pretrained, device);
  }

  private List<Point> ofProbes(Path pretrained, Device device) {
    Map<Integer, double[][]> known;
    try (UnitModel model = UnitModel.load(pretrained, device)) {
      known = hits(probes(model));
    }
    if (!request.random()) {
      return points(known, Map.of());
    }
    try (UnitModel model = random(pretrained, device)) {
      return points(known, hits(probes(model)));
    }
  }

  private FewShotLearner probes(UnitModel model) {
    return new FewShotLearner.OfProbes(model, request.probe(), request.slots(), training, test);
  }

  private List<Point> ofModels(Path pretrained, Device device) {
    try (TemporaryFolder work = TemporaryFolder.create()) {
      Map<Integer, double[][]> known = hits(models(pretrained, device, work.path()));
      if (!request.random()) {
        return points(known, Map.of());
      }
      Path drawn = work.path().resolve("random");
      try (UnitModel model = random(pretrained, device)) {
        model.save(drawn);
      }
      return points(known, hits(models(drawn, device, work.path())));
    }
  }

  private FewShotLearner models(Path model, Device device, Path work) {
    return new FewShotLearner.OfModels(
        model, request.tuning(), request.slots(), training, test, device, work.resolve("run"));
  }

  /// Makes a model of the same shape with initial weights, drawn by the seed.
  private UnitModel random(Path pretrained, Device device) {
    ModelCard card = ModelFiles.card(pretrained);
    long seed = request.probe().seed();
    return UnitModel.create(
        card.model().with(draft -> draft.seed = seed), training, card.labels(), device);
  }

  private void requireApart() {
    TreeSet<String> both = new TreeSet<>();
    training.utterances().forEach(utterance -> both.add(utterance.original()));
    TreeSet<String> tested = new TreeSet<>();
    test.utterances().forEach(utterance -> tested.add(utterance.original()));
    both.retainAll(tested);
    if (!both.isEmpty()) {
      throw DuovoxException.badData(
          "%d utterances are in training and in test, e.g. %s; choose parts without common ones"
              .formatted(both.size(), both.first()));
    }
  }

  private void requireLabels() {
    List<String> fields = request.slots().fields();
    List<List<String>> trainingGold = ProbeClassifier.gold(training, request.slots());
    ProbeFit.requireClasses(request.slots(), trainingGold);
    for (int k = 0; k < fields.size(); k++) {
      int column = k;
      List<String> labels =
          trainingGold.stream().map(row -> row.get(column)).distinct().sorted().toList();
      IntentData data = new IntentData(fields.get(k), labels);
      test.utterances().forEach(utterance -> request.gold().of(utterance, data));
    }
  }

  /// Returns by number of shots (draws, test utterances) 1 for each utterance that is all right.
  private Map<Integer, double[][]> hits(FewShotLearner learner) {
    Map<Integer, double[][]> hits = new LinkedHashMap<>();
    for (int shots : request.shots()) {
      double[][] byDraw = new double[drawsOf(shots)][];
      for (int draw = 0; draw < byDraw.length; draw++) {
        byDraw[draw] = learner.hits(examples(shots, draw));
        listener.fitted(++fitted, allFits());
      }
      hits.put(shots, byDraw);
    }
    return hits;
  }

  private int drawsOf(int shots) {
    return shots == ALL ? 1 : request.draws();
  }

  private int allFits() {
    int each = request.shots().stream().mapToInt(this::drawsOf).sum();
    return request.random() ? 2 * each : each;
  }

  private int[] examples(int shots, int draw) {
    return shots == ALL
        ? IntStream.range(0, training.size()).toArray()
        : ClassBalance.few(byClass, shots, SplitMix.of(request.probe().seed(), shots, draw));
  }

  private List<Point> points(Map<Integer, double[][]> known, Map<Integer, double[][]> random) {
    List<Point> points = new ArrayList<>();
    for (int shots : request.shots()) {
      points.add(point(Weights.PRETRAINED, shots, known.get(shots)));
      if (request.random()) {
        points.add(point(Weights.RANDOM, shots, random.get(shots)));
        points.add(
            point(Weights.DIFFERENCE, shots, difference(known.get(shots), random.get(shots))));
      }
    }
    return points;
  }

  private static double[][] difference(double[][] a, double[][] b) {
    double[][] difference = new double[a.length][];
    for (int draw = 0; draw < a.length; draw++) {
      int d = draw;
      difference[draw] =
          IntStream.range(0, a[d].length).mapToDouble(i -> a[d][i] - b[d][i]).toArray();
    }
    return difference;
  }

  private Point point(Weights weights, int shots, double[][] hits) {
    double[] mean =
        IntStream.range(0, test.size())
            .mapToDouble(i -> Arrays.stream(hits).mapToDouble(draw -> draw[i]).average().orElse(0))
            .toArray();
    List<Double> byDraw =
        Arrays.stream(hits).map(draw -> Arrays.stream(draw).average().orElse(0)).toList();
    return new Point(
        weights,
        shots == ALL ? null : shots,
        examples(shots, 0).length,
        hits.length,
        interval(mean),
        deviation(byDraw),
        byDraw);
  }

  private Estimate interval(double[] values) {
    long seed = request.probe().seed();
    List<String> speakers =
        test.utterances().stream()
            .map(utterance -> utterance.fields().getOrDefault(request.speaker(), ""))
            .toList();
    boolean known = !speakers.contains("") && speakers.stream().distinct().count() > 1;
    return known
        ? ClusterBootstrap.seeded(seed).mean(speakers, Resample.GROUPS_AND_ITEMS, values)
        : Bootstrap.seeded(seed).mean(values);
  }

  private static double deviation(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1));
  }
}
