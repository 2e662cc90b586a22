package org.duovox.speech.extract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Printable;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioSum;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.ExtractionOptions;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.speech.features.FrameDestination;
import org.duovox.speech.features.StoredFrames;

/// From audio files to frames: loads, encodes and hands on utterance by utterance, in the order of
/// the manifest.
///
/// An utterance that cannot be used (missing, broken, too short, features that are not finite) is
/// skipped, counted and named in `errors.jsonl`; above a share of such utterances the run fails. An
/// output folder appears when it is complete. Memory does not depend on the number of utterances,
/// nor on their length where they are cut.
public final class Extraction {
  private static final int REASONS_SHOWN = 5;

  private final List<Utterance> utterances;
  private final String source;
  private final int total;
  private final boolean whole;
  private final UtteranceLoader loader;
  private final Encoder encoder;
  private final ExtractionOptions options;
  private final ExtractionListener listener;
  private final List<SkippedUtterance> skipped = new ArrayList<>();
  private int done;
  private double seconds;

  private Extraction(
      Block block,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      ExtractionListener listener) {
    this.utterances = block.utterances();
    this.source = block.source();
    this.total = block.total();
    this.whole = block.isWhole();
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
  public static FeatureManifest run(
      Manifest manifest,
      AudioLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      Path target,
      ExtractionListener listener) {
    return run(manifest, UtteranceLoader.files(loader), encoder, options, target, listener);
  }

  /// The same with audio from elsewhere than plain files.
  public static FeatureManifest run(
      Manifest manifest,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      Path target,
      ExtractionListener listener) {
    FeatureProvenance origin = FeatureProvenance.of(encoder, options);
    try (FeatureWriter writer =
        new FeatureWriter(target, origin, options.layers(), options.shardBytes())) {
      run(manifest, loader, encoder, options, new StoredFrames(writer), listener);
      return writer.commit();
    }
  }

  /// Extracts frames into a destination of any kind.
  public static <P> void run(
      Manifest manifest,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      FrameDestination<P> destination,
      ExtractionListener listener) {
    run(Block.of(manifest), loader, encoder, options, destination, listener);
  }

  static <P> void run(
      Block block,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      FrameDestination<P> destination,
      ExtractionListener listener) {
    new Extraction(block, loader, encoder, options, listener).run(destination);
  }

  private <P> void run(FrameDestination<P> destination) {
    List<String> layers = options.layers().stream().map(Layer::name).toList();
    UtteranceWork<P> work =
        new UtteranceWork<>(loader, encoder, layers, options.segments(encoder), destination);
    try (ExtractionPool pool = new ExtractionPool(encoder)) {
      Receiver<P> receiver = new Receiver<>(work, pool, destination);
      if (options.batchSeconds() > 0) {
        runBatches(work, pool, receiver);
      } else {
        runSingly(work, pool, receiver);
      }
    }
    if (whole) {
      requireEnoughUsable(true);
    }
  }

  private <P> void runSingly(UtteranceWork<P> work, ExtractionPool pool, Receiver<P> receiver) {
    Lookahead<Utterance, Outcome<P>> ahead =
        new Lookahead<>(
            utterances,
            pool,
            u -> pool.shared() ? work.encode(u, work.load(u)) : work.load(u),
            MemoryEstimate.of(options.layers())::bytes);
    for (Utterance utterance : utterances) {
      receiver.take(utterance, work.encode(utterance, ahead.next()));
    }
  }

  private <P> void runBatches(UtteranceWork<P> work, ExtractionPool pool, Receiver<P> receiver) {
    Lookahead<Utterance, Outcome<P>> ahead =
        new Lookahead<>(utterances, pool, work::load, MemoryEstimate.of(List.of())::bytes);
    long batch = Math.round(options.batchSeconds() * Encoder.SAMPLE_RATE);
    BatchWindow<P> window = new BatchWindow<>(work, pool, batch);
    for (Utterance utterance : utterances) {
      window.add(utterance, ahead.next());
      if (window.isFull()) {
        window.flush(receiver);
      }
    }
    window.flush(receiver);
  }

  /// Hands on what became of each utterance, in order, and keeps the count.
  private final class Receiver<P> implements BatchWindow.Receiver<P> {
    private final UtteranceWork<P> work;
    private final ExtractionPool pool;
    private final FrameDestination<P> destination;

    Receiver(UtteranceWork<P> work, ExtractionPool pool, FrameDestination<P> destination) {
      this.work = work;
      this.pool = pool;
      this.destination = destination;
    }

    @Override
    public void take(Utterance utterance, Outcome<P> outcome) {
      switch (outcome) {
        case Outcome.Encoded<P>(AudioSum audio, P piece) -> {
          destination.begin(utterance);
          destination.append(piece);
          destination.finish(audio);
          seconds += audio.samples() / (double) Encoder.SAMPLE_RATE;
        }
        case Outcome.TooLong<P> cut -> takeLong(utterance);
        case Outcome.Unusable<P>(String reason) -> skip(utterance, reason);
        case Outcome.Loaded<P> loaded -> throw new IllegalStateException("not encoded: " + loaded);
      }
      done++;
      listener.progress(done, utterances.size(), seconds);
    }

    private void takeLong(Utterance utterance) {
      try {
        AudioSum audio = new LongUtterance<>(utterance, work, destination, pool).run();
        seconds += audio.samples() / (double) Encoder.SAMPLE_RATE;
      } catch (DuovoxException e) {
        skip(utterance, Outcome.reason(e));
      }
    }

    private void skip(Utterance utterance, String reason) {
      SkippedUtterance skip =
          new SkippedUtterance(utterance.id(), Printable.of(utterance.audio()), reason);
      skipped.add(skip);
      destination.skip(skip);
      listener.skipped(skip);
      requireEnoughUsable(false);
    }
  }

  /// Fails as soon as it is certain that too many utterances are unusable; at the end also when all
  /// are.
  private void requireEnoughUsable(boolean end) {
    requireEnoughUsable(skipped, total, source, options.maxBadFraction(), end);
  }

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
            "%s: %d of %d utterances cannot be used%s (--max-bad-fraction allows a share of %s,"
                + " never all):%s",
            source,
            skipped.size(),
            total,
            end ? "" : " so far",
            maxBadFraction,
            text));
  }
}
