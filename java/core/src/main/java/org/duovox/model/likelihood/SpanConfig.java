package org.duovox.model.likelihood;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;

/// How an utterance is scored: a window of masks slides over its tokens.
///
/// @param window tokens that are hidden together, M_d of the ZeroSpeech 2021 baseline; 15
/// @param step tokens from one window to the next, Δt; 5
/// @param tail whether a last window covers the end of the utterance, which the baseline leaves out
///   when the steps do not meet it; true
/// @param maskPhonetic whether the phonetic units under hidden tokens are hidden too; true, because
///   they would give the tokens away
/// @param per what a score is divided by
/// @param batchSize windows computed together; 32; no effect on the result beyond rounding
public record SpanConfig(
    int window, int step, boolean tail, boolean maskPhonetic, Per per, int batchSize) {
  /// What a score is divided by.
  public enum Per {
    /// Nothing: the sum over all windows, as in the baseline.
    @JsonProperty("utterance")
    UTTERANCE,
    /// The number of tokens that are scored, each as often as windows hide it.
    @JsonProperty("token")
    TOKEN
  }

  /// The tokens of one window.
  ///
  /// @param from first
  /// @param to after the last
  record Span(int from, int to) {}

  public SpanConfig {
    if (window < 1 || window > 100_000) {
      throw DuovoxException.config("score: window must be 1 to 100000, but is " + window);
    }
    if (step < 1 || step > window) {
      throw DuovoxException.config(
          "score: step must be 1 to the window of %d, so that no token is left out, but is %d"
              .formatted(window, step));
    }
    if (batchSize < 1 || batchSize > 4096) {
      throw DuovoxException.config("score: batch_size must be 1 to 4096, but is " + batchSize);
    }
  }

  /// Returns the settings of the baseline, with the end of utterances scored.
  public static SpanConfig defaults() {
    return new SpanConfig(15, 5, true, true, Per.UTTERANCE, 32);
  }

  /// Returns the windows of a sequence: at 0, Δt, ... as long as they end within it; of all of it
  /// when it is shorter than one.
  List<Span> spans(int tokens) {
    List<Span> spans = new ArrayList<>();
    int length = Math.min(window, tokens);
    for (int from = 0; from + length <= tokens; from += step) {
      spans.add(new Span(from, from + length));
    }
    if (tail && spans.getLast().to() < tokens) {
      spans.add(new Span(tokens - length, tokens));
    }
    return spans;
  }
}
