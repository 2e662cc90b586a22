package org.duovox.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.EpochSource.TargetFeatures;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Decides which utterances a training reads in which step, before the first one, and which are
/// held out to validate ([HeldOut]).
public final class TrainPlan {
  /// How utterances become steps.
  ///
  /// @param batchSize most windows of a batch
  /// @param batchTokens most positions of a batch, padding not counted; 0 = no limit
  /// @param accumulation batches of a step
  /// @param steps of the schedule; 0 = by epochs
  /// @param epochs passes over the corpus when `steps` is 0
  /// @param seed of the order and of crops
  /// @param cropTokens tokens of the random crop of a window that an epoch reads; 0 = all
  public record Order(
      int batchSize,
      long batchTokens,
      int accumulation,
      long steps,
      int epochs,
      long seed,
      int cropTokens) {
    /// An order of whole windows.
    public Order(
        int batchSize, long batchTokens, int accumulation, long steps, int epochs, long seed) {
      this(batchSize, batchTokens, accumulation, steps, epochs, seed, 0);
    }
  }

  /// What is put into a row of a batch beside its units.
  ///
  /// @param label class of a window, for classifiers
  /// @param change makes masks or noise for one thread
  /// @param features targets of reconstruction
  public record Rows(
      ToIntFunction<Window> label,
      Supplier<EpochSource.RowChange> change,
      TargetFeatures features) {}

  /// The largest batch and row of a training.
  ///
  /// @param tokens most real tokens of a batch
  /// @param units most phonetic units of a batch
  /// @param longest tokens of the longest row
  /// @param mostUnits phonetic units of the row with the most
  public record Largest(long tokens, long units, int longest, int mostUnits) {}

  private final UnitModel model;
  private final Corpus corpus;
  private final Order order;
  private final Rows rows;
  private final List<Window> windows; // As large as their crops come.
  private final BatchPlan batches;
  private final long steps;

  /// @param corpus to train on, in the view that the model reads
  public TrainPlan(UnitModel model, Corpus corpus, Order order, Rows rows) {
    this.model = model;
    this.corpus = corpus;
    this.order = order;
    this.rows = rows;
    Crops crops = new Crops(order.cropTokens(), order.seed());
    List<Window> whole = Window.cut(corpus, model.config());
    this.windows = crops.largest(whole, corpus);
    this.batches =
        new BatchPlan(whole, order.batchSize(), order.batchTokens(), order.seed(), crops);
    this.steps =
        order.steps() > 0 ? order.steps() : batches.steps(order.epochs(), order.accumulation());
  }

  /// Returns the steps of the schedule.
  public long steps() {
    return steps;
  }

  /// Returns the utterances to train on.
  public Corpus corpus() {
    return corpus;
  }

  /// Returns the room that a batch needs.
  public BatchWriter.Sizes sizes() {
    return BatchWriter.Sizes.atMost(corpus, windows, order.batchSize(), order.batchTokens());
  }

  /// Returns the values of the target features of a position; 0 for none.
  public int featureWidth() {
    return rows.features().width();
  }

  /// Returns the source of all batches from one of an epoch on, for one thread.
  public EpochSource source(int epoch, int batch) {
    return new EpochSource(corpus, batches, model.ids(), rows).startAt(epoch, batch);
  }

  /// Shows the rows of the first batches of the first epoch as the training reads them, masks
  /// included.
  ///
  /// @param most batches at most
  public void sample(int most, EpochSource.RowChange see) {
    BatchWriter.Sizes sizes = sizes();
    EpochSource.RowChange change = rows.change().get();
    EpochSource.RowChange both =
        (slot, shape, row, epoch, window) -> {
          change.apply(slot, shape, row, epoch, window);
          see.apply(slot, shape, row, epoch, window);
        };
    Rows shown = new Rows(rows.label(), () -> both, TargetFeatures.NONE);
    try (NativeRing ring =
        new NativeRing(1, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), Device.CPU)) {
      EpochSource source = new EpochSource(corpus, batches, model.ids(), shown).startAt(0, 0);
      for (int i = 0; i < Math.min(most, batches.count(0)); i++) {
        source.next(ring.slots().getFirst());
      }
    }
  }

  /// Returns the ids of the utterances that a step reads.
  public List<String> utterances(long step) {
    BatchPlan.StepBatches of = batches.batchesOf(step, order.accumulation());
    List<String> ids = new ArrayList<>();
    for (List<Window> batch :
        batches.epoch(of.epoch()).subList(of.first(), of.first() + of.count())) {
      batch.forEach(window -> ids.add(corpus.utterance(window.utterance()).id()));
    }
    return ids;
  }

  /// Returns what no batch exceeds: batches are of about equally long windows, so the longest may
  /// come together.
  public Largest largest() {
    int most = Math.min(windows.size(), order.batchSize());
    ToIntFunction<Window> units =
        window -> window.phoneticUnits(corpus.utterance(window.utterance()));
    int longest = windows.stream().mapToInt(Window::positions).max().orElse(1);
    long budget = order.batchTokens() == 0 ? Long.MAX_VALUE : order.batchTokens();
    long tokens = Math.min(sum(windows, most, Window::positions), Math.max(budget, longest));
    return new Largest(
        tokens,
        sum(windows, most, units),
        longest,
        windows.stream().mapToInt(units).max().orElse(0));
  }

  /// The sum over the `rows` largest windows.
  private static long sum(List<Window> windows, int rows, ToIntFunction<Window> size) {
    return windows.stream()
        .map(size::applyAsInt)
        .sorted(Comparator.reverseOrder())
        .limit(rows)
        .mapToLong(Integer::longValue)
        .sum();
  }

  /// A corpus split in two: utterances to train on, and utterances held out to validate.
  ///
  /// Recordings are held out, not utterances: shifted copies of a recording hold the same speech,
  /// so all of them are on the same side.
  ///
  /// @param training utterances to train on, in corpus order
  /// @param validation utterances held out, in corpus order; empty when the share is 0 or there is
  ///   one recording only
  public record HeldOut(Corpus training, Corpus validation) {
    // Keeps this draw apart from the others of the same seed.
    private static final long PURPOSE = 0x5EED0001;

    /// Holds out a share of the recordings, at least one, drawn by the seed.
    public static HeldOut split(Corpus corpus, double share, long seed) {
      int[] recordings = recordings(corpus);
      int size = Arrays.stream(recordings).max().orElse(-1) + 1;
      int count = share == 0 ? 0 : Math.min(size - 1, Math.max(1, (int) Math.rint(share * size)));
      int[] order = IntStream.range(0, size).toArray();
      SplitMix.of(seed, PURPOSE).shuffle(order, size);
      BitSet held = new BitSet(size);
      Arrays.stream(order).limit(Math.max(0, count)).forEach(held::set);
      return new HeldOut(
          select(corpus, i -> !held.get(recordings[i])),
          select(corpus, i -> held.get(recordings[i])));
    }

    private static Corpus select(Corpus corpus, IntPredicate chosen) {
      return corpus.select(IntStream.range(0, corpus.size()).filter(chosen));
    }

    /// Returns the number of each utterance's recording, counted by first appearance. Only
    /// recordings with copies are kept by name.
    private static int[] recordings(Corpus corpus) {
      Set<String> copied = new HashSet<>();
      for (UnitUtterance utterance : corpus.utterances()) {
        if (utterance.isCopy()) {
          copied.add(utterance.original());
        }
      }
      if (copied.isEmpty()) {
        return IntStream.range(0, corpus.size()).toArray();
      }
      Map<String, Integer> known = new HashMap<>();
      int[] recordings = new int[corpus.size()];
      int next = 0;
      for (int i = 0; i < recordings.length; i++) {
        String original = corpus.utterance(i).original();
        Integer earlier = copied.contains(original) ? known.putIfAbsent(original, next) : null;
        recordings[i] = earlier == null ? next++ : earlier;
      }
      return recordings;
    }
  }
}
