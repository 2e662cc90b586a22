package org.duovox.speech;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.Manifest;
import org.duovox.audio.Utterance;
import org.duovox.io.Hashes;

/// From audio files to a feature set: loads, encodes and writes utterance by utterance, in the
/// order of the manifest.
///
/// An utterance that cannot be used (missing, broken, too short, features that are not finite) is
/// skipped, counted and named in `errors.jsonl`; above a share of such utterances the run fails.
/// The output folder appears when it is complete. Memory does not depend on the number of
/// utterances.
public final class Extraction {
  private static final int REASONS_SHOWN = 5;

  private final Manifest manifest;
  private final UtteranceLoader loader;
  private final Encoder encoder;
  private final ExtractionOptions options;
  private final List<String> layers;
  private final ExtractionListener listener;
  private final List<SkippedUtterance> skipped = new ArrayList<>();
  private int done;
  private double seconds;

  private Extraction(
      Manifest manifest,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      ExtractionListener listener) {
    this.manifest = manifest;
    this.loader = loader;
    this.encoder = encoder;
    this.options = options;
    this.layers = options.layers().stream().map(Layer::name).toList();
    this.listener = listener;
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
    return new Extraction(manifest, loader, encoder, options, listener).run(target);
  }

  private FeatureManifest run(Path target) {
    FeatureWriter.Origin origin = FeatureWriter.Origin.of(encoder);
    boolean shared = encoder.parallelism() > 1;
    int threads = shared ? encoder.parallelism() : 1;
    try (FeatureWriter writer =
            new FeatureWriter(target, origin, options.layers(), options.shardBytes());
        Lookahead<Utterance, Outcome> ahead =
            new Lookahead<>(
                manifest.utterances(),
                threads,
                utterance -> shared ? encoded(loaded(utterance)) : loaded(utterance),
                utterance -> utterance.audio().toFile().length())) {
      for (Utterance utterance : manifest.utterances()) {
        take(utterance, encoded(ahead.next()), writer);
      }
      requireEnoughUsable(true);
      return writer.commit();
    }
  }

  /// Where an utterance stands on its way.
  private sealed interface Outcome {
    record Loaded(float[] samples) implements Outcome {}

    record Encoded(int samples, String sha256, Map<String, Frames> frames) implements Outcome {}

    record Unusable(String reason) implements Outcome {}
  }

  private Outcome loaded(Utterance utterance) {
    try {
      Audio audio = loader.load(utterance);
      return new Outcome.Loaded(audio.samples());
    } catch (DuovoxException e) {
      return unusable(e);
    }
  }

  private Outcome encoded(Outcome outcome) {
    if (!(outcome instanceof Outcome.Loaded(float[] samples))) {
      return outcome;
    }
    try {
      String sha256 = Hashes.sha256(samples);
      Map<String, Frames> frames = encoder.encode(samples, layers);
      for (Map.Entry<String, Frames> entry : frames.entrySet()) {
        int bad = entry.getValue().firstNonFinite();
        if (bad >= 0) {
          return new Outcome.Unusable(
              "frame %d of %s is not finite"
                  .formatted(bad / entry.getValue().width(), entry.getKey()));
        }
      }
      return new Outcome.Encoded(samples.length, sha256, frames);
    } catch (DuovoxException e) {
      return unusable(e);
    }
  }

  /// What is wrong with one utterance; anything else (no decoder, no disk) ends the run.
  private static Outcome unusable(DuovoxException e) {
    return switch (e.kind()) {
      case BAD_DATA, MISSING_INPUT -> new Outcome.Unusable(e.getMessage());
      default -> throw e;
    };
  }

  private void take(Utterance utterance, Outcome outcome, FeatureWriter writer) {
    switch (outcome) {
      case Outcome.Encoded(int samples, String sha256, Map<String, Frames> frames) -> {
        writer.add(utterance.id(), samples, sha256, utterance.fields(), frames);
        seconds += samples / (double) Encoder.SAMPLE_RATE;
      }
      case Outcome.Unusable(String reason) -> {
        SkippedUtterance skip =
            new SkippedUtterance(utterance.id(), utterance.audio().toString(), reason);
        skipped.add(skip);
        writer.skip(skip);
        listener.skipped(skip);
        requireEnoughUsable(false);
      }
      case Outcome.Loaded loaded -> throw new IllegalStateException("not encoded: " + loaded);
    }
    done++;
    listener.progress(done, manifest.size(), seconds);
  }

  /// Fails as soon as it is certain that too many utterances are unusable; at the end also when all
  /// are.
  private void requireEnoughUsable(boolean end) {
    boolean none = end && skipped.size() == manifest.size();
    if (skipped.size() <= options.maxBadFraction() * manifest.size() && !none) {
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
            manifest.source(),
            skipped.size(),
            manifest.size(),
            end ? "" : " so far",
            options.maxBadFraction(),
            text));
  }
}
