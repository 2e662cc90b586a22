package org.duovox.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.experiment.Plan.Kind;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.model.match.Match;
import org.duovox.recipe.DataConfig;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.Recipe.Evaluations;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.RunListener;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageStore;
import org.duovox.slu.SluConfig;
import org.duovox.train.PretrainConfig;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.LoopConfig.CheckpointConfig;
import org.duovox.train.run.LoopConfig.ValidationConfig;

/// A short probe: every kind of training takes a few steps on a few utterances, from which the time
/// of a whole experiment follows.
///
/// As many trainings run at once as cells will: side by side they slow each other down, to half of
/// their speed where two processors are one core. Left out: most of the work on codebooks, scores
/// of words.
final class Probe {
  private static final int STEPS = 10;
  private static final int WARM = 3;
  private static final int MOST_TRAININGS = 6;
  private static final int LEAST_UTTERANCES = 48;
  private static final int MOST_UTTERANCES = 1024;
  private static final int CODES_PER_UTTERANCE = 8; // A codebook needs as many frames as codes.

  private final Experiment experiment;
  private final int jobs;
  private final Device device;
  private final TrainControl control;
  private final Map<String, Double> perStep = new LinkedHashMap<>();
  private final Map<DataConfig, Integer> counts = new HashMap<>();
  private final Map<DataConfig, Integer> folds = new HashMap<>();
  private double preparation; // Seconds for the features and units of one utterance.

  private Probe(Experiment experiment, int jobs, Device device, TrainControl control) {
    this.experiment = experiment;
    this.jobs = Math.min(jobs, experiment.cells().size());
    this.device = device;
    this.control = control;
  }

  /// Measures, and returns the forecast for the whole experiment.
  static Forecast of(Experiment experiment, int jobs, Device device, TrainControl control) {
    try {
      return new Probe(experiment, jobs, device, control).forecast();
    } catch (DuovoxException e) {
      return Forecast.unknown("the probe failed: " + e.getMessage());
    } catch (IOException e) {
      return Forecast.unknown("the probe failed: " + DuovoxException.reason(e));
    }
  }

  private Forecast forecast() throws IOException {
    Path folder = Files.createTempDirectory("duovox-probe");
    try {
      measure(folder);
    } finally {
      AtomicFiles.discard(folder);
    }
    double mean = perStep.values().stream().mapToDouble(v -> v).average().orElse(0);
    Set<String> counted = new HashSet<>();
    double serial = 0;
    double sideBySide = 0;
    for (Cell cell : experiment.cells()) {
      Map<Kind, String> stages = Plan.stages(cell);
      if (counted.add(stages.get(Kind.UNITS))) {
        serial += preparation * utterances(cell);
      }
      double step = perStep.getOrDefault(shape(cell), mean);
      if (stages.containsKey(Kind.PRETRAIN) && counted.add(stages.get(Kind.PRETRAIN))) {
        sideBySide += folds(cell) * step * steps(cell);
      }
      sideBySide += folds(cell) * step * steps(cell, cell.recipe().evaluations().finetune());
    }
    String basis = "a probe of %d steps of %d of the trainings".formatted(STEPS, perStep.size());
    return Forecast.of(serial + sideBySide / jobs, basis, perStep);
  }

  private void measure(Path folder) {
    for (Cell cell : experiment.cells()) {
      boolean trains = cell.system() != ModelSystem.RAW && cell.system() != ModelSystem.RANDOM;
      if (trains && perStep.size() < MOST_TRAININGS && !perStep.containsKey(shape(cell))) {
        measure(cell, folder);
      }
    }
  }

  private void measure(Cell cell, Path folder) {
    long batches = 2L * cell.recipe().pretrain().batchSize();
    long codes = cell.recipe().quantizers().contextualCodes() / CODES_PER_UTTERANCE;
    int utterances = Math.clamp(Math.max(batches, codes), LEAST_UTTERANCES, MOST_UTTERANCES);
    StageStore store = StageStore.sampling(folder.resolve("stages"), utterances);
    Clock first = train(cell, cell.recipe().pretrain().seed(), store, folder);
    preparation = Math.max(preparation, first.prepared / utterances);
    perStep.put(shape(cell), jobs > 1 ? sideBySide(cell, store, folder) : first.perStep());
  }

  /// Returns the time of a step while as many trainings run as cells will; they differ by seed.
  private double sideBySide(Cell cell, StageStore store, Path folder) {
    List<Callable<Clock>> trainings =
        IntStream.rangeClosed(1, jobs)
            .mapToObj(i ->
                (Callable<Clock>)
                    () -> train(cell, cell.recipe().pretrain().seed() + i, store, folder))
            .toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      double sum = 0;
      for (Future<Clock> training : threads.invokeAll(trainings)) {
        sum += training.get().perStep();
      }
      return sum / jobs;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("interrupted").initCause(e);
    }
  }

  private Clock train(Cell cell, long seed, StageStore store, Path folder) {
    TrainHost host = new TrainHost(device, new MemoryBudget(), control, TrainListener.NONE);
    Clock clock = new Clock();
    Path out = folder.resolve("seed-" + seed);
    new RecipeRunner(brief(cell.recipe(), seed), out, 1, store, host, clock).train();
    return clock;
  }

  /// Returns the recipe with a few steps and nothing to evaluate.
  private static Recipe brief(Recipe recipe, long seed) {
    PretrainConfig few =
        recipe
            .pretrain()
            .with(draft -> {
              draft.seed = seed;
              draft.steps = STEPS;
              draft.warmup = 0;
              draft.validationFraction = 0;
              draft.validation = ValidationConfig.defaults();
              draft.checkpoints = new CheckpointConfig(0, 100, 0);
            });
    return new Recipe(
        recipe.name(),
        recipe.title(),
        recipe.seed(),
        recipe.threads(),
        recipe.data().whole(),
        recipe.representations(),
        recipe.quantizers().begun(),
        recipe.align(),
        recipe.model(),
        few,
        recipe.systems(),
        Evaluations.defaults());
  }

  /// Returns what decides on the time of a step, in words.
  private static String shape(Cell cell) {
    Recipe recipe = cell.recipe();
    String size = "%d x %d".formatted(recipe.model().layers(), recipe.model().hidden());
    String match =
        recipe.pretrain().match() == Match.NONE
            ? ""
            : " of equal " + recipe.pretrain().match().name().toLowerCase(Locale.ROOT);
    return "%s %s%s, batch %d"
        .formatted(cell.system().label(), size, match, recipe.pretrain().batchSize());
  }

  private int utterances(Cell cell) {
    return counts.computeIfAbsent(cell.recipe().data(), StageStore::utterances);
  }

  private int folds(Cell cell) {
    return folds.computeIfAbsent(cell.recipe().data(), StageStore::folds);
  }

  private double steps(Cell cell) {
    PretrainConfig pretrain = cell.recipe().pretrain();
    if (pretrain.steps() > 0) {
      return pretrain.steps();
    }
    double utterances = utterances(cell) * cell.recipe().data().pretrainShare();
    double read = utterances * (1 - pretrain.validationFraction());
    return pretrain.epochs() * Math.ceil(read / pretrain.batchSize() / pretrain.accumulation());
  }

  private double steps(Cell cell, SluConfig classifier) {
    if (classifier == null) {
      return 0;
    }
    double utterances = utterances(cell);
    return classifier.steps() > 0
        ? classifier.steps()
        : classifier.epochs() * Math.ceil(utterances / classifier.batchSize());
  }

  /// Takes the time of stages and steps.
  private static final class Clock implements RunListener {
    private double prepared;
    private long first;
    private long last;
    private long steps;

    @Override
    public void finished(Stage stage) {
      if (!stage.name().startsWith("pretrain")) {
        prepared += stage.reused() ? 0 : stage.seconds();
      }
    }

    @Override
    public void progress(String stage, long done, long total, String unit) {
      if (stage.startsWith("pretrain")) {
        if (done == WARM) {
          first = System.nanoTime();
        }
        last = System.nanoTime();
        steps = done;
      }
    }

    double perStep() {
      return steps > WARM ? (last - first) / 1e9 / (steps - WARM) : 0;
    }
  }
}
