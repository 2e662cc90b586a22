package org.duovox.cli.model;

import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.FieldFilter;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Option;

/// `--corpus` and `--where`: a corpus, or the utterances of it that a verb reads.
final class CorpusOptions {
  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "CORPUS",
      description = "Corpus of 'duovox align'.")
  private Path folder;

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description =
          "These utterances only, e.g. split=test; several values with commas; repeatable.")
  private List<String> conditions = List.of();

  /// Opens the corpus with the selected utterances.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) when there are none
  Corpus open() {
    FieldFilter filter = new FieldFilter(conditions);
    Corpus corpus = Corpus.open(folder);
    if (filter.isEmpty()) {
      return corpus;
    }
    Corpus selected = corpus.filter(utterance -> filter.matches(utterance.fields()));
    if (selected.size() == 0) {
      throw filter.noMatch(
          folder.toString(), corpus.utterances().stream().map(UnitUtterance::fields));
    }
    return selected;
  }
}
