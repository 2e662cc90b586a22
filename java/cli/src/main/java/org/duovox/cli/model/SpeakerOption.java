package org.duovox.cli.model;

import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Option;

/// `--speaker`: the field by which intervals resample the utterances in groups.
final class SpeakerOption {
  private static final String USUAL = "speaker";

  @Option(
      names = "--speaker",
      paramLabel = "FIELD",
      description =
          "Field with the speaker, for intervals over speakers. Default: speaker, where utterances"
              + " have it.")
  private String field;

  /// Returns the field.
  ///
  /// @throws DuovoxException (USAGE) when it was named and an utterance lacks it
  String of(Corpus test) {
    if (field != null) {
      test.utterances().forEach(this::require);
    }
    return field == null ? USUAL : field;
  }

  private void require(UnitUtterance utterance) {
    if (utterance.fields().getOrDefault(field, "").isBlank()) {
      throw DuovoxException.usage(
          "--speaker: utterance %s has no value in the field '%s'; it has %s"
              .formatted(utterance.id(), field, new TreeSet<>(utterance.fields().keySet())));
    }
  }
}
