package org.duovox.speech.extract;

import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.features.FrameDestination;

/// The steps of one utterance, on any thread: load the audio, encode it, check the frames, prepare
/// what is kept.
///
/// @param <P> what is kept of a piece
final class UtterancePipeline<P> {
  private final UtteranceLoader loader;
  private final Encoder encoder;
  private final List<String> layers;
  private final Segments segments;
  private final FrameDestination<P> destination;

  /// Ends the loading of an utterance that has to be cut.
  private static final class MoreThanOneSegment extends RuntimeException {
    private static final long serialVersionUID = 1;

    MoreThanOneSegment() {
      super("more than one segment", null, false, false);
    }
  }

  UtterancePipeline(
      UtteranceLoader loader,
      Encoder encoder,
      List<String> layers,
      Segments segments,
      FrameDestination<P> destination) {
    this.loader = loader;
    this.encoder = encoder;
    this.layers = List.copyOf(layers);
    this.segments = segments;
    this.destination = destination;
  }

  Segments segments() {
    return segments;
  }

  UtteranceLoader loader() {
    return loader;
  }

  /// Loads the audio; [Outcome.TooLong] when it is longer than a segment.
  Outcome<P> load(Utterance utterance) {
    try {
      if (!segments.cut()) {
        return new Outcome.Loaded<>(loader.load(utterance).samples());
      }
      float[][] whole = new float[1][];
      Segments.Cutter cutter =
          new Segments.Cutter(
              segments,
              segment -> {
                if (!segment.last()) {
                  throw new MoreThanOneSegment();
                }
                whole[0] = segment.samples();
              });
      loader.stream(utterance, cutter);
      cutter.finish();
      return new Outcome.Loaded<>(whole[0]);
    } catch (MoreThanOneSegment e) {
      return new Outcome.TooLong<>();
    } catch (DuovoxException e) {
      return Outcome.unusable(e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(utterance, e);
    }
  }

  /// Encodes loaded audio; returns any other outcome as it is.
  Outcome<P> encode(Utterance utterance, Outcome<P> outcome) {
    if (!(outcome instanceof Outcome.Loaded<P>(float[] samples))) {
      return outcome;
    }
    try {
      return prepared(samples, encoder.encode(samples, layers));
    } catch (DuovoxException e) {
      return Outcome.unusable(e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(utterance, e);
    }
  }

  /// Encodes several utterances together.
  List<Outcome<P>> encodeAll(List<float[]> batch) {
    List<Map<String, Frames>> frames = encoder.encodeAll(batch, layers);
    if (frames.size() != batch.size()) {
      throw new IllegalStateException(
          encoder.name() + " gave " + frames.size() + " results for " + batch.size());
    }
    List<Outcome<P>> outcomes = new java.util.ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      outcomes.add(prepared(batch.get(i), frames.get(i)));
    }
    return outcomes;
  }

  private Outcome<P> prepared(float[] samples, Map<String, Frames> frames) {
    String wrong = Outcome.notFinite(frames, frames.keySet(), 0);
    return wrong.isEmpty()
        ? new Outcome.Encoded<>(AudioIdentity.of(samples), destination.prepare(frames))
        : new Outcome.Unusable<>(wrong);
  }

  /// Encodes one segment of a long utterance.
  ///
  /// @param number of the segment
  /// @throws DuovoxException of kind BAD_DATA when a frame is not finite
  P segment(Segments.Segment segment, int number) {
    Map<String, Frames> frames = encoder.encode(segment.samples(), layers);
    Map<String, Frames> kept = segments.kept(frames, segment.last());
    for (Map.Entry<String, Frames> entry : kept.entrySet()) {
      long first = (long) number * segments.keep().get(entry.getKey());
      String wrong = Outcome.notFinite(kept, java.util.Set.of(entry.getKey()), first);
      if (!wrong.isEmpty()) {
        throw DuovoxException.badData(wrong);
      }
    }
    return destination.prepare(kept);
  }

  private static DuovoxException outOfMemory(Utterance utterance, OutOfMemoryError e) {
    return new DuovoxException(
        Kind.RETRY,
        "out of memory on utterance %s (%s): cut long audio with --max-segment, work on fewer files"
                .formatted(utterance.id(), utterance.audio())
            + " at once with --threads, or give the JVM more (DUOVOX_JAVA_OPTIONS=-Xmx4g)",
        e);
  }
}
