package org.duovox.speech;

import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeEncoder.Cut;
import org.duovox.internal.NativeEncoder.Cutting;

/// The way an encoder with a recurrent network cuts audio before it encodes. Units depend on it, so
/// it is part of every manifest.
///
/// @param policy rule of cutting
/// @param samples length of a piece; 0 for [Policy#WHOLE]
public record Chunking(Policy policy, int samples) {
  /// A rule of cutting.
  public enum Policy {
    /// One pass over the utterance.
    WHOLE(0),
    /// Pieces of 64,000 samples, each by itself.
    CHUNK(64_000),
    /// The same, the recurrent state handed from piece to piece (CPC_audio's `keepHidden`).
    CHUNK_CARRIED(64_000),
    /// Pieces of 10,240 samples, each by itself: the ZeroSpeech 2021 baseline's quantization.
    WINDOW(10_240);

    private final int samples;

    Policy(int samples) {
      this.samples = samples;
    }

    /// The name on the command line and in manifests.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// One pass over the utterance.
  public static final Chunking WHOLE = new Chunking(Policy.WHOLE, 0);

  public Chunking {
    if (samples < 0 || (samples == 0) != (policy == Policy.WHOLE)) {
      throw DuovoxException.config(
          "chunking %s with pieces of %d samples".formatted(policy.text(), samples));
    }
  }

  /// Reads `POLICY` or `POLICY:SAMPLES`, e.g. `window` or `chunk:32000`.
  public static Chunking parse(String text) {
    String[] parts = text.strip().split(":", -1);
    for (Policy policy : Policy.values()) {
      if (policy.text().equals(parts[0]) && parts.length <= 2) {
        return new Chunking(policy, parts.length == 1 ? policy.samples : samples(parts[1], text));
      }
    }
    throw DuovoxException.config(
        "chunking \"%s\" is not known; use one of %s, with :SAMPLES for another length of a piece"
            .formatted(text, String.join(", ", names())));
  }

  private static List<String> names() {
    return List.of(Policy.values()).stream().map(Policy::text).toList();
  }

  private static int samples(String text, String whole) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw DuovoxException.config(
          "chunking \"" + whole + "\": \"" + text + "\" is no number of samples", e);
    }
  }

  /// The same for the native library.
  public Cut cut() {
    return switch (policy) {
      case WHOLE -> Cut.WHOLE;
      case CHUNK, WINDOW -> new Cut(Cutting.CHUNK, samples);
      case CHUNK_CARRIED -> new Cut(Cutting.CHUNK_CARRIED, samples);
    };
  }

  /// The text of manifests, which [#parse] reads, e.g. `window:10240`.
  @Override
  public String toString() {
    return policy == Policy.WHOLE ? policy.text() : policy.text() + ":" + samples;
  }
}
