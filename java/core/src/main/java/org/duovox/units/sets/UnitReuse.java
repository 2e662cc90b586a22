package org.duovox.units.sets;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.Versions;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.kmeans.UnitQuantizer;

/// Compares a finished unit set with what a command would write, as far as manifest and index tell.
/// Methods say in words what differs, and return "" when nothing does.
public final class UnitReuse {
  static final String NO_SUMS = "which audio it was made of is not recorded";

  private UnitReuse() {}

  /// Compares a unit set with the quantization of features.
  ///
  /// @return what differs; "" when nothing does
  public static String difference(Path folder, FeatureLayer features, UnitQuantizer quantizer) {
    return compared(() -> {
      UnitSet set = UnitSet.open(folder);
      if (quantizer.vocabulary() == null && set.codebook().flatMap(Codebook::joint).isPresent()) {
        return "which combinations of codes its vocabulary was drawn from is not recorded";
      }
      String origin =
          origin(set, features.stream(), features.batchSeconds(), quantizer.vocabulary());
      if (!origin.isEmpty()) {
        return origin;
      }
      if (!known(features.utterances())) {
        return NO_SUMS;
      }
      set.verify();
      return set.utterances().equals(features.utterances())
          ? ""
          : "other utterances, other fields or other audio";
    });
  }

  static String origin(UnitSet set, StreamInfo stream, double batchSeconds, Codebook codebook) {
    UnitManifest found = set.manifest();
    if (!found.source().isEmpty()) {
      return "it was imported";
    }
    if (!found.stream().equals(stream)) {
      String named = found.stream().difference(stream);
      return named.isEmpty() ? rest(found, stream) : named;
    }
    if (found.batchSeconds() != batchSeconds) {
      return "--batch-seconds %s against %s".formatted(found.batchSeconds(), batchSeconds);
    }
    if (codebook != null && !codebook.sha256().equals(found.codebookSha256())) {
      return "codebook %.12s against %.12s".formatted(found.codebookSha256(), codebook.sha256());
    }
    return version(found.duovox());
  }

  private static String rest(UnitManifest found, StreamInfo stream) {
    return found.chunking().equals(stream.chunking())
        ? "receptive field %s against %s"
            .formatted(seen(found.stream().sees()), seen(stream.sees()))
        : "chunking %s against %s".formatted(found.chunking(), stream.chunking());
  }

  private static String seen(Optional<ReceptiveField> field) {
    return field.map(ReceptiveField::text).orElse("unknown");
  }

  /// Compares versions, because another version of the program may give other units.
  public static String version(String found) {
    return found.equals(Versions.DUOVOX)
        ? ""
        : "version %s of Duovox against %s".formatted(found, Versions.DUOVOX);
  }

  /// Whether the audio of all utterances is known.
  public static boolean known(List<UtteranceInfo> utterances) {
    return utterances.stream().noneMatch(u -> u.frames() > 0 && u.audioSha256().isEmpty());
  }

  /// Runs a comparison; an output that cannot be read counts as different.
  public static String compared(Supplier<String> difference) {
    try {
      return difference.get();
    } catch (DuovoxException e) {
      if (e.kind() == Kind.BAD_DATA || e.kind() == Kind.MISSING_INPUT) {
        return e.getMessage();
      }
      throw e;
    }
  }
}
