package org.duovox.cli.console;

import java.nio.file.Path;
import java.util.List;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Option;

/// `--corpus` and `--where`: a corpus, or the part of it that a verb reads.
public final class CorpusPart {
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
  private List<String> texts = List.of();

  /// Opens it.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) when the part is empty
  public Corpus open() {
    Where where = new Where(texts);
    Corpus corpus = Corpus.open(folder);
    if (where.isEmpty()) {
      return corpus;
    }
    Corpus part = corpus.filter(utterance -> where.fields().test(utterance.fields()));
    if (part.size() == 0) {
      throw where.nothing(
          folder.toString(), corpus.utterances().stream().map(UnitUtterance::fields));
    }
    return part;
  }
}
