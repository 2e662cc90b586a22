package org.duovox.cli;

import java.nio.file.Path;
import org.duovox.units.Corpus;
import org.duovox.units.UnitUtterance;

/// Opens a corpus or the part of it that `--where` names.
final class CorpusFolder {
  private CorpusFolder() {}

  static Corpus open(Path folder, Where where) {
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
