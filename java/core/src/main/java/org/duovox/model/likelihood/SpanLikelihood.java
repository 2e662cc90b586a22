package org.duovox.model.likelihood;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import org.duovox.internal.NativeForward;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitIds;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.model.likelihood.SpanConfig.Span;
import org.duovox.units.corpus.Corpus;

/// Computes the pseudo log-probability of utterances, as the ZeroSpeech 2021 baselines score words
/// and sentences: the sum, over all windows of masks, of the log-probabilities of the tokens under
/// them.
///
/// An utterance longer than the model's positions is scored in the parts that it is read in.
public final class SpanLikelihood {
  // Values of a batch's scores; 128 MB.
  private static final long MOST_SCORES = 1L << 25;

  /// The score of an utterance.
  ///
  /// @param id of the utterance
  /// @param score natural log
  /// @param windows how many
  /// @param tokens scored, each as often as a window hides it
  public record Score(String id, double score, int windows, long tokens) {}

  /// One row of a batch: a part of an utterance with one window of masks.
  private record Row(Window window, Span span) {}

  private final UnitModel model;
  private final SpanConfig config;
  private final UnitIds ids;
  private final int scores;

  public SpanLikelihood(UnitModel model, SpanConfig config) {
    this.model = model;
    this.config = config;
    this.ids = model.ids();
    this.scores = model.config().scoredUnits();
  }

  /// Scores every utterance of a corpus, in its order.
  ///
  /// @param done receives the number of windows that are scored
  /// @throws org.duovox.DuovoxException (BAD_DATA) when the corpus has other units than the model
  public List<Score> score(Corpus corpus, IntConsumer done) {
    Corpus view = model.card().view(corpus);
    List<Row> rows = rows(view);
    double[] sums = new double[view.size()];
    int[] windows = new int[view.size()];
    long[] tokens = new long[view.size()];
    for (Row row : rows) {
      windows[row.window().utterance()]++;
      tokens[row.window().utterance()] += row.span().to() - row.span().from();
    }
    rows.sort(Comparator.comparingInt(row -> row.window().positions()));
    addLogProbabilities(view, batches(rows), sums, done);
    List<Score> results = new ArrayList<>(view.size());
    for (int i = 0; i < sums.length; i++) {
      double score = config.per() == SpanConfig.Per.TOKEN ? sums[i] / tokens[i] : sums[i];
      results.add(new Score(view.utterance(i).id(), score, windows[i], tokens[i]));
    }
    return results;
  }

  /// Returns the number of windows of all utterances.
  public int windows(Corpus corpus) {
    return rows(model.card().view(corpus)).size();
  }

  private List<Row> rows(Corpus view) {
    List<Row> rows = new ArrayList<>();
    for (Window window : Window.cut(view, model.config())) {
      for (Span span : config.spans(window.to() - window.from())) {
        rows.add(new Row(window, span));
      }
    }
    return rows;
  }

  /// Cuts rows, sorted by length, into batches whose scores fit into memory.
  private List<List<Row>> batches(List<Row> rows) {
    List<List<Row>> batches = new ArrayList<>();
    int from = 0;
    while (from < rows.size()) {
      int to = from + 1;
      while (to < rows.size()
          && to - from < config.batchSize()
          && (to - from + 1L) * rows.get(to).window().positions() * scores <= MOST_SCORES) {
        to++;
      }
      batches.add(rows.subList(from, to));
      from = to;
    }
    return batches;
  }

  private void addLogProbabilities(
      Corpus view, List<List<Row>> batches, double[] sums, IntConsumer done) {
    List<List<Window>> windows =
        batches.stream().map(batch -> batch.stream().map(Row::window).toList()).toList();
    BatchWriter.Sizes sizes = BatchWriter.Sizes.of(view, windows);
    ModelConfig shape = model.config();
    try (NativeForward forward =
            new NativeForward(
                model.nativeModel(), scores, 1, shape.representationWidth() > 0 ? 1 : 0);
        NativeRing ring =
            new NativeRing(
                1,
                sizes.rows(),
                sizes.tokens(),
                sizes.phoneticUnits(),
                model.nativeModel().device())) {
      BatchWriter writer = new BatchWriter(ids);
      int finished = 0;
      for (int b = 0; b < batches.size(); b++) {
        Slot slot = ring.slots().getFirst();
        Shape batch = writer.write(slot, view, windows.get(b), window -> 0);
        hide(slot, batch, batches.get(b));
        float[] logits = forward.run(ring, batch, false).logits();
        add(view, batches.get(b), batch, logits, sums);
        finished += batches.get(b).size();
        done.accept(finished);
      }
    }
  }

  /// Puts masks on the tokens of each row's window, and on the phonetic units under them.
  private void hide(Slot slot, Shape batch, List<Row> rows) {
    for (int row = 0; row < rows.size(); row++) {
      int first = row * batch.tokens() + 1; // Behind CLS.
      for (int t = rows.get(row).span().from(); t < rows.get(row).span().to(); t++) {
        slot.contextual().put(first + t, ids.mask());
        if (config.maskPhonetic() && ids.bothStreams()) {
          int units = row * batch.phoneticUnits();
          int last = slot.phoneticEnd().get(first + t);
          for (int i = slot.phoneticStart().get(first + t); i <= last; i++) {
            slot.phonetic().put(units + i, ids.phoneticMask());
          }
        }
      }
    }
  }

  private void add(Corpus view, List<Row> rows, Shape batch, float[] logits, double[] sums) {
    for (int r = 0; r < rows.size(); r++) {
      Row row = rows.get(r);
      int[] units = view.utterance(row.window().utterance()).contextual();
      for (int t = row.span().from(); t < row.span().to(); t++) {
        int at = (r * batch.tokens() + 1 + t) * scores;
        sums[row.window().utterance()] +=
            logProbability(logits, at, units[row.window().from() + t]);
      }
    }
  }

  private double logProbability(float[] logits, int at, int unit) {
    double most = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < scores; u++) {
      most = Math.max(most, logits[at + u]);
    }
    double total = 0;
    for (int u = 0; u < scores; u++) {
      total += Math.exp(logits[at + u] - most);
    }
    return logits[at + unit] - most - Math.log(total);
  }
}
