package org.duovox.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The one command: the proof of equal math, then the timings, then the table.
///
/// Exit code 0: done; 1: a contender computes something else, no table; 2: wrong options; 69: a
/// contender is missing, the table is without it; 75: the machine is busy or sources are
/// uncommitted, nothing is measured or written.
public final class Bench {
  private static final int PATIENCE = 60; // times one second until a busy machine is refused

  private final Options options;
  private final Path root;
  private final Provenance provenance;
  private final List<String> objections = new ArrayList<>();
  private final EnumSet<Side> sides = EnumSet.allOf(Side.class);

  private Bench(Options options, Path root) {
    this.options = options;
    this.root = root;
    this.provenance = Provenance.here(root, ChildJvm.libtorch());
    if (options.quick()) {
      objections.add("a quick run");
    }
  }

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(run(args));
  }

  private static int run(String[] args) {
    Options options;
    try {
      options = Options.of(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.printf("duovox-bench: %s%n%s%n", e.getMessage(), Options.USAGE);
      return 2;
    }
    try {
      return new Bench(options, Path.of(System.getProperty("bench.root"))).run();
    } catch (Refusal e) {
      System.err.println("duovox-bench: " + e.getMessage());
      return 75;
    } catch (IllegalStateException e) {
      System.err.println("duovox-bench: " + e.getMessage());
      return 69;
    }
  }

  private int run() {
    if (!provenance.committed()) {
      object("sources are uncommitted");
    }
    quietLoad();
    Proof proof = EqualMath.prove(options.quick());
    if (!proof.equal()) {
      System.err.println("duovox-bench: contenders compute different losses: there is no table");
      return 1;
    }
    sides.removeAll(proof.missing());
    Report report = measure(proof);
    System.out.println(Table.of(report));
    write(report);
    return report.missing().isEmpty() ? 0 : 69;
  }

  private Report measure(Proof proof) {
    Fork fork = new Fork(root.resolve("bench/target/jmh.log"), options.quick());
    quietLoad();
    double before = limit(fork);
    List<List<Sample>> samples = new ArrayList<>();
    for (Case size : options.cases()) {
      samples.add(samples(fork, size));
    }
    double limit = Math.max(before, limit(fork));
    Double known = limit > 0 ? limit : null;
    List<CaseResult> results = new ArrayList<>();
    for (Case size : options.cases()) {
      double gflop = ChildJvm.stepFlops(size) / 1e9;
      results.add(CaseResult.of(size, gflop, samples.get(results.size()), known));
    }
    return new Report(
        objections.stream().distinct().toList(),
        provenance,
        known,
        List.copyOf(EnumSet.complementOf(sides)),
        proof.agreements(),
        results);
  }

  /// The limit of matrix products, measured before and after the steps; 0 without DJL.
  private double limit(Fork fork) {
    if (!sides.contains(Side.DJL)) {
      return 0;
    }
    try {
      return fork.productLimit();
    } catch (IllegalStateException e) {
      System.err.printf("duovox-bench: %s; shares of the limit are left out%n", e.getMessage());
      return 0;
    }
  }

  /// One fork of each contender, then the next of each: a machine that drifts is not in the ratios.
  private List<Sample> samples(Fork fork, Case size) {
    List<Sample> samples = new ArrayList<>();
    for (int round = 0; round < options.forks(); round++) {
      for (Side side : EnumSet.copyOf(sides)) {
        Load load = quietLoad();
        try {
          samples.add(fork.step(side, size, round, load));
          report(size, samples.getLast());
        } catch (IllegalStateException e) {
          leaveOut(side, e);
          samples.removeIf(sample -> sample.side() == side);
        }
      }
    }
    return samples;
  }

  /// A contender that fails, say for want of memory, is out from then on.
  private void leaveOut(Side side, IllegalStateException reason) {
    if (side == Side.DUOVOX) {
      throw reason;
    }
    System.err.printf("duovox-bench: %s; it is left out%n", reason.getMessage());
    sides.remove(side);
  }

  private void report(Case size, Sample sample) {
    System.err.printf(
        "%s, dropout %s, fork %d of %d, %s: %.2f ms (%s)%n",
        String.join(" ", size.words()),
        size.dropout(),
        sample.round() + 1,
        options.forks(),
        sample.side().label(),
        Median.of(sample.milliseconds().stream().mapToDouble(x -> x).toArray()).value(),
        sample.load().text());
  }

  /// Waits for a machine that others do not use.
  private Load quietLoad() {
    Load load = Load.now();
    for (int i = 1; i < PATIENCE && load.tooHigh(provenance.cores()) && !options.allowBusy(); i++) {
      load = Load.now();
    }
    if (load.tooHigh(provenance.cores())) {
      object("the machine was busy");
    }
    return load;
  }

  private void object(String objection) {
    if (!options.allowBusy()) {
      throw new Refusal(objection + "; --allow-busy measures anyway and publishes nothing");
    }
    objections.add(objection);
  }

  private void write(Report report) {
    if (report.objections().isEmpty()) {
      write(report, root.resolve("bench/results/" + provenance.fileName() + ".json"));
    }
    write(report, options.out());
  }

  private static void write(Report report, @Nullable Path file) {
    if (file != null) {
      report.write(file);
      System.err.println("duovox-bench: wrote " + file);
    }
  }

  /// A run whose result could not be published.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }
}
