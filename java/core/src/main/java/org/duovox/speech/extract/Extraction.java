package org.duovox.speech.extract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Printable;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.speech.features.FrameDestination;

/// From audio files to frames: loads and encodes utterance by utterance and hands the frames to a
/// destination in the order of the manifest.
///
/// An utterance that cannot be used (missing, broken, too short, features that are not finite) is
/// skipped, counted and named in `errors.jsonl`; above a share of such utterances the run fails. An
/// output folder appears when it is complete. Memory does not depend on the number of utterances,
/// nor on their length where they are cut.
public final class Extraction {
  private static final int REASONS_SHOWN = 5;

  private final UtteranceLoader loader;
  private final Encoder encoder;
  private final ExtractionOptions options;
  private final ExtractionListener listener;

  /// @param encoder stays open
  /// @param listener called on the thread that runs the extraction
  public Extraction(
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      ExtractionListener listener) {
    this.loader = loader;
    this.encoder = encoder;
    this.options = options;
    this.listener = listener;
  }

  /// A stretch of a manifest, maybe empty.
  ///
  /// @param source the manifest, for messages
  /// @param total utterances of the whole manifest, of which a share may be unusable
  record Block(List<Utterance> utterances, String source, int total) {
    static Block of(Manifest manifest) {
      return new Block(manifest.utterances(), manifest.source(), manifest.size());
    }

    boolean isWhole() {
      return utterances.size() == total;
    }
  }

  /// Extracts features into the folder `target`.
  ///
  /// @return what was written to its `manifest.json`
  /// @throws DuovoxException of kind BAD_DATA when too many utterances cannot be used, RETRY when
  ///   the thread is interrupted
  public FeatureManifest writeFeatures(Manifest manifest, Path target) {
    return writeFeatures(Block.of(manifest), target, folder -> {});
  }

  /// Extracts the features of a block of a manifest.
  ///
  /// @param more writes further files into the folder that it is given
  FeatureManifest writeFeatures(Block block, Path target, Consumer<Path> more) {
    try (FeatureWriter writer =
        new FeatureWriter(
            target, options.provenance(encoder), options.layers(), options.shardBytes())) {
      run(block, writer);
      return writer.commit(more);
    }
  }

  /// Extracts frames into a destination of any kind.
  public <P> void run(Manifest manifest, FrameDestination<P> destination) {
    run(Block.of(manifest), destination);
  }

  private <P> void run(Block block, FrameDestination<P> destination) {
    List<String> layers = options.layers().stream().map(Layer::name).toList();
    UtterancePipeline<P> pipeline =
        new UtterancePipeline<>(loader, encoder, layers, options.segments(encoder), destination);
    List<SkippedUtterance> skipped;
    try (ExtractionPool pool = new ExtractionPool(encoder)) {
      Run<P> run = new Run<>(block, pipeline, pool, destination);
      if (options.batchSeconds() > 0) {
        run.inBatches();
      } else {
        run.oneByOne();
      }
      skipped = run.skipped;
    }
    if (block.isWhole()) {
      requireEnoughUsable(skipped, block.total(), block.source(), options.maxBadFraction(), true);
    }
  }

  /// One run over a block: hands on what became of each utterance, in order, and keeps count.
  private final class Run<P> {
    private final Block block;
    private final UtterancePipeline<P> pipeline;
    private final ExtractionPool pool;
    private final FrameDestination<P> destination;
    private final List<SkippedUtterance> skipped = new ArrayList<>();
    private int done;
    private double seconds;

    Run(
        Block block,
        UtterancePipeline<P> pipeline,
        ExtractionPool pool,
        FrameDestination<P> destination) {
      this.block = block;
      this.pipeline = pipeline;
      this.pool = pool;
      this.destination = destination;
    }

    void oneByOne() {
      // An encoder for several threads runs on the pool, any other one on this thread alone.
      Function<Utterance, Outcome<P>> ahead =
          pool.shared() ? u -> pipeline.encode(u, pipeline.load(u)) : pipeline::load;
      ReadAhead<Outcome<P>> outcomes =
          new ReadAhead<>(block.utterances(), pool, ahead, options.layers());
      for (Utterance utterance : block.utterances()) {
        Outcome<P> outcome = outcomes.next();
        handOn(utterance, pool.shared() ? outcome : pipeline.encode(utterance, outcome));
      }
    }

    void inBatches() {
      ReadAhead<Outcome<P>> loaded =
          new ReadAhead<>(block.utterances(), pool, pipeline::load, List.of());
      long batchSamples = Math.round(options.batchSeconds() * Encoder.SAMPLE_RATE);
      BatchWindow<P> window = new BatchWindow<>(pipeline, pool, batchSamples);
      for (Utterance utterance : block.utterances()) {
        window.add(utterance, loaded.next());
        if (window.isFull()) {
          window.flush(this::handOn);
        }
      }
      window.flush(this::handOn);
    }

    private void handOn(Utterance utterance, Outcome<P> outcome) {
      switch (outcome) {
        case Outcome.Encoded<P>(AudioIdentity audio, P piece) -> {
          destination.begin(utterance);
          destination.append(piece);
          destination.finish(audio);
          seconds += audio.samples() / (double) Encoder.SAMPLE_RATE;
        }
        case Outcome.TooLong<P> tooLong -> encodeInSegments(utterance);
        case Outcome.Unusable<P>(String reason) -> skip(utterance, reason);
        case Outcome.Loaded<P> loaded -> throw new IllegalStateException("not encoded: " + loaded);
      }
      done++;
      listener.progress(done, block.utterances().size(), seconds);
    }

    private void encodeInSegments(Utterance utterance) {
      try {
        AudioIdentity audio = new LongUtterance<>(utterance, pipeline, destination, pool).run();
        seconds += audio.samples() / (double) Encoder.SAMPLE_RATE;
      } catch (DuovoxException e) {
        skip(utterance, Outcome.reasonOrRethrow(e));
      }
    }

    private void skip(Utterance utterance, String reason) {
      SkippedUtterance skip =
          new SkippedUtterance(utterance.id(), Printable.of(utterance.audio()), reason);
      skipped.add(skip);
      destination.skip(skip);
      listener.skipped(skip);
      requireEnoughUsable(skipped, block.total(), block.source(), options.maxBadFraction(), false);
    }
  }

  /// Fails as soon as it is certain that too many utterances are unusable; at the end also when all
  /// are.
  static void requireEnoughUsable(
      List<SkippedUtterance> skipped,
      int total,
      String source,
      double maxBadFraction,
      boolean end) {
    boolean none = end && skipped.size() == total;
    if (skipped.size() <= maxBadFraction * total && !none) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (SkippedUtterance skip : skipped.subList(0, Math.min(REASONS_SHOWN, skipped.size()))) {
      text.append("\n  ").append(skip.id()).append(": ").append(skip.reason());
    }
    throw DuovoxException.badData(
        String.format(
            Locale.ROOT,
            "%s: %d of %d utterances cannot be used%s; a share of %s may be, never all (option"
                + " --max-bad-fraction, which recipes do not have):%s",
            source,
            skipped.size(),
            total,
            end ? "" : " so far",
            maxBadFraction,
            text));
  }
}
