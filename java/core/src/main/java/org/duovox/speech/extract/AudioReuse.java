package org.duovox.speech.extract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.Hashes;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;

/// Compares the audio of an earlier output with the audio that a manifest names now: the same
/// utterances in the same order with the same fields, decoded to the same samples, and the same
/// ones unusable.
///
/// Audio is decoded and compared by its sum, so that copies and other times of files do not matter;
/// nothing is encoded but what was unusable.
public final class AudioReuse {
  private final Manifest manifest;
  private final UtteranceLoader loader;
  private final Encoder encoder;
  private final ExtractionOptions options;

  /// An utterance as an earlier output records it.
  public record Made(String id, Map<String, String> fields, String audioSha256) {}

  /// @param loader of the audio as it is now
  public AudioReuse(
      Manifest manifest, UtteranceLoader loader, Encoder encoder, ExtractionOptions options) {
    this.manifest = manifest;
    this.loader = loader;
    this.encoder = encoder;
    this.options = options;
  }

  /// What differs from an earlier output, in words; "" when nothing does.
  ///
  /// @param made its utterances in order
  /// @param skipped those that could not be used, in order
  /// @param done receives the number of utterances compared
  public String difference(List<Made> made, List<SkippedUtterance> skipped, IntConsumer done) {
    if (options.batchSeconds() > 0) {
      return "batches are asked for, whose last bits depend on how they are put together";
    }
    String listed = listed(made, skipped);
    if (!listed.isEmpty()) {
      return listed;
    }
    Extraction.requireEnoughUsable(
        skipped, manifest.size(), manifest.source(), options.maxBadFraction(), true);
    return heard(made, skipped, done);
  }

  /// Compares the decoded audio.
  private String heard(List<Made> made, List<SkippedUtterance> skipped, IntConsumer done) {
    Map<String, String> sums = made.stream().collect(Collectors.toMap(Made::id, Made::audioSha256));
    Map<String, String> reasons =
        skipped.stream().collect(Collectors.toMap(SkippedUtterance::id, SkippedUtterance::reason));
    AtomicInteger count = new AtomicInteger();
    return manifest.utterances().parallelStream()
        .filter(utterance -> {
          String sum = sums.get(utterance.id());
          boolean same =
              sum != null
                  ? sum(utterance).equals(Optional.of(sum))
                  : reason(utterance).equals(Optional.of(reasons.get(utterance.id())));
          synchronized (count) {
            done.accept(count.incrementAndGet());
          }
          return !same;
        })
        .findFirst()
        .map(other -> "the audio of %s (%s) is another".formatted(other.id(), other.audio()))
        .orElse("");
  }

  /// Compares ids, order and fields, before any audio is read.
  private String listed(List<Made> made, List<SkippedUtterance> skipped) {
    int used = 0;
    int unusable = 0;
    for (Utterance utterance : manifest.utterances()) {
      if (used < made.size() && made.get(used).id().equals(utterance.id())) {
        Made there = made.get(used++);
        if (there.audioSha256().isEmpty()) {
          return "which audio it was made of is not recorded";
        }
        if (!there.fields().equals(utterance.fields())) {
          return "other fields of %s: %s against %s"
              .formatted(utterance.id(), there.fields(), utterance.fields());
        }
      } else if (unusable < skipped.size()
          && skipped.get(unusable).id().equals(utterance.id())
          && skipped.get(unusable).path().equals(utterance.audio().toString())) {
        unusable++;
      } else {
        return "other utterances, such as %s of %s".formatted(utterance.id(), manifest.source());
      }
    }
    int more = made.size() - used + skipped.size() - unusable;
    return more == 0 ? "" : "it has %d utterances that are not asked for".formatted(more);
  }

  /// The sum of the audio; empty when it cannot be read.
  private Optional<String> sum(Utterance utterance) {
    Hashes.LittleEndian sum = new Hashes.LittleEndian();
    try {
      loader.stream(utterance, samples -> sum.add(samples));
      return Optional.of(sum.finish());
    } catch (DuovoxException e) {
      Outcome.reasonOrRethrow(e);
      return Optional.empty();
    }
  }

  /// Why an utterance cannot be used; empty when it can, or when only its pieces could tell.
  private Optional<String> reason(Utterance utterance) {
    List<String> layers = options.layers().stream().map(Layer::name).toList();
    Segments segments = options.segments(encoder);
    try {
      float[] samples = loader.load(utterance).samples();
      if (segments.cut() && samples.length > segments.length()) {
        return Optional.empty();
      }
      String wrong = Outcome.notFinite(encoder.encode(samples, layers), Set.copyOf(layers), 0);
      return wrong.isEmpty() ? Optional.empty() : Optional.of(wrong);
    } catch (DuovoxException e) {
      return Optional.of(Outcome.reasonOrRethrow(e));
    }
  }
}
