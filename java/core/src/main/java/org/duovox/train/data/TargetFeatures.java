package org.duovox.train.data;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.batch.Window;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.TokenFeatures;

/// Puts the continuous features of the positions with a loss into a finished batch, in the order of
/// rows and time: the targets of masked context reconstruction. Read from the corpus's files.
public final class TargetFeatures {
  /// For trainings with other targets.
  public static final TargetFeatures NONE = new TargetFeatures(null, 0);

  private final Corpus corpus;
  private final int width;

  private TargetFeatures(Corpus corpus, int width) {
    this.corpus = corpus;
    this.width = width;
  }

  /// Returns the features of the corpus that batches are made of.
  ///
  /// @param corpus the view that the model reads
  /// @throws DuovoxException (BAD_CONFIG) when the corpus keeps none for its contextual tokens
  public static TargetFeatures of(Corpus corpus) {
    int width =
        corpus
            .features()
            .orElseThrow(() ->
                DuovoxException.config(
                    "pretrain: mcr_target 'feature' needs the continuous features of the tokens that"
                        + " the model reads, but the corpus keeps none; align again with"
                        + " --contextual-features DIR, or set pretrain.mcr_target to codebook"))
            .width();
    return new TargetFeatures(corpus, width);
  }

  /// Returns the values per position; 0 for none.
  public int width() {
    return width;
  }

  /// Fills the slot's representations.
  public void fill(Slot slot, Shape shape, List<Window> windows) {
    if (width == 0) {
      return;
    }
    int at = 0;
    for (int row = 0; row < windows.size(); row++) {
      Window window = windows.get(row);
      TokenFeatures features = corpus.utterance(window.utterance()).features().orElseThrow();
      int position = row * shape.tokens() + 1 - window.from(); // Position 0 is CLS.
      int t = window.from();
      while (t < window.to()) {
        int end = t;
        while (end < window.to() && slot.targets().get(position + end) >= 0) {
          end++;
        }
        if (end > t) { // Neighbors with a loss are one read.
          features.read(t, end - t, slot.representations(), at);
          at += (end - t) * width;
        }
        t = end + 1;
      }
    }
  }
}
