package org.duovox.convert.layout;

import java.util.Optional;
import java.util.stream.Collectors;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Inert;

/// The words for a checkpoint that no layout knows.
public final class UnknownLayout {
  private static final int SHOWN = 8;

  private UnknownLayout() {}

  /// @param tensors the same as a generic state dictionary, where it holds tensors
  public static String describe(Object root, Optional<Converted> tensors) {
    String known =
        "known are CPC, ResDAVEnet-VQ, HuBERT, wav2vec 2.0, data2vec-audio and WavLM of fairseq or s3prl,"
            + " pytorch_model.bin of Hugging Face, the dual-channel prototype WPBERT, and k-means of"
            + " scikit-learn or CPC_audio";
    if (tensors.isEmpty()) {
      return "holds %s and no tensors; %s".formatted(kind(root), known);
    }
    String names =
        tensors.get().tensors().tensors().entrySet().stream()
            .limit(SHOWN)
            .map(entry -> entry.getKey() + " " + entry.getValue().describe())
            .collect(Collectors.joining(", "));
    return "holds %d tensors of no known layout, first %s; %s. With --generic they are written as they are"
        .formatted(tensors.get().tensors().tensors().size(), names, known);
  }

  private static String kind(Object root) {
    return switch (root) {
      case Inert inert -> "an object of " + inert.className();
      case Dict dict -> "a dictionary of %d keys".formatted(dict.size());
      case null, default -> "no dictionary";
    };
  }
}
