package org.duovox.train.run;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.duovox.io.Hashes;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.UnitUtterance;

/// Identifies a corpus by its content, whatever folder it is in.
///
/// @param sha256 of codebooks, ids, units (and labels) of all utterances, in order, and of the
///   originals of copies
/// @param bytes that its utterances take in memory, approximately
public record CorpusIdentity(String sha256, long bytes) {
  private static final int OBJECT_BYTES = 256;

  /// Reads all of a corpus and returns its identity.
  public static CorpusIdentity of(Corpus corpus) {
    return of(corpus, utterance -> "");
  }

  /// Reads all of a corpus and returns its identity, labels included.
  ///
  /// @param label of an utterance; empty for none
  public static CorpusIdentity of(Corpus corpus, Function<UnitUtterance, String> label) {
    Hashes.LittleEndian sum = new Hashes.LittleEndian();
    add(sum, corpus.contextual());
    corpus.phonetic().ifPresent(stream -> add(sum, stream));
    corpus.features().ifPresent(features -> add(sum, features.sha256()));
    long bytes = 0;
    for (int i = 0; i < corpus.size(); i++) {
      UnitUtterance utterance = corpus.utterance(i);
      add(sum, utterance.id());
      String text = label.apply(utterance);
      if (!text.isEmpty()) {
        add(sum, text);
      }
      if (utterance.isCopy()) {
        add(sum, utterance.original()); // Decides what is held out.
      }
      add(sum, utterance.contextual());
      add(sum, utterance.phonetic());
      add(sum, utterance.start());
      add(sum, utterance.end());
      bytes += OBJECT_BYTES + 4L * Integer.BYTES * utterance.contextual().length;
      bytes += (long) Integer.BYTES * utterance.phonetic().length;
    }
    return new CorpusIdentity(sum.finish(), bytes);
  }

  /// Returns the corpus with all utterances in memory when they take at most a quarter of the heap.
  public Corpus held(Corpus corpus) {
    return bytes <= Runtime.getRuntime().maxMemory() / 4 ? corpus.inMemory() : corpus;
  }

  private static void add(Hashes.LittleEndian sum, CorpusStream stream) {
    sum.add(stream.vocabulary());
    add(sum, stream.codebookSha256());
  }

  private static void add(Hashes.LittleEndian sum, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sum.add(bytes.length).add(bytes);
  }

  private static void add(Hashes.LittleEndian sum, int[] values) {
    sum.add(values.length).add(values);
  }
}
