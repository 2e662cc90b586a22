package org.duovox.train.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.UnitUtterance;
import tools.jackson.databind.JsonNode;

/// `train.json` of a run: everything that was decided before the first step, the corpus included
/// ([CorpusIdentity]), and how two such decisions differ ([Differences]). Implemented by records,
/// whose components are the file's keys.
public interface RunSettings {
  /// Returns what is trained, e.g. `pretrain`.
  String task();

  /// Returns the SHA-256 of the settings that decide results.
  String configSha256();

  /// Returns the SHA-256 of the corpus, held-out utterances included.
  String corpusSha256();

  /// Returns in words how many utterances are trained on, and held out.
  String size();

  /// Returns the settings that decide results, without what may change when a run is resumed.
  Object essence();

  /// Returns the SHA-256 of an essence.
  static String sha256(Object essence) {
    return Hashes.sha256(Json.line(essence));
  }

  /// Refuses to resume a run of another task, with other settings or on another corpus.
  ///
  /// @throws DuovoxException (BAD_CONFIG) that names the task or settings, or (BAD_DATA) the
  ///   corpus, that differ
  default void requireSame(Path file) {
    String other = Json.tree(file).path("task").asString(task());
    if (!other.equals(task())) {
      throw DuovoxException.config(
          "%s holds a run of another task: %s here, %s there; choose another folder"
              .formatted(file.getParent(), task(), other));
    }
    RunSettings there = Json.read(file, getClass());
    List<String> differences =
        new ArrayList<>(
            Differences.between(Json.convert(essence()), Json.convert(there.essence())));
    if (!differences.isEmpty()) {
      throw DuovoxException.config(
          ("%s was started with other settings: %s; resume with the same, or start in another"
                  + " folder")
              .formatted(file.getParent(), Differences.text(differences)));
    }
    if (!corpusSha256().equals(there.corpusSha256())) {
      throw DuovoxException.badData(
          ("%s was started on another corpus: sum %s, %s; here %s, %s; resume with the same, or"
                  + " start in another folder")
              .formatted(
                  file.getParent(), there.corpusSha256(), there.size(), corpusSha256(), size()));
    }
  }

  /// Identifies a corpus by its content, whatever folder it is in.
  ///
  /// @param sha256 of codebooks, ids, units (and labels) of all utterances, in order, and of the
  ///   originals of copies
  /// @param bytes that its utterances take in memory, approximately
  record CorpusIdentity(String sha256, long bytes) {
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

    /// Returns the corpus with all utterances in memory when they take at most a quarter of the
    /// heap.
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

  /// Lists the differences between two JSON documents of settings, key by key.
  final class Differences {
    private static final int LISTED = 8;

    private Differences() {}

    /// Returns one text for each key whose values differ, e.g. `learning_rate is 0.001 here, 0.01
    /// there`.
    public static List<String> between(JsonNode here, JsonNode there) {
      Map<String, JsonNode> first = Json.leaves(here);
      Map<String, JsonNode> second = Json.leaves(there);
      TreeSet<String> keys = new TreeSet<>(first.keySet());
      keys.addAll(second.keySet());
      List<String> texts = new ArrayList<>();
      for (String key : keys) {
        String mine = text(first.get(key));
        String other = text(second.get(key));
        if (!mine.equals(other)) {
          texts.add("%s is %s here, %s there".formatted(key, mine, other));
        }
      }
      return texts;
    }

    /// Returns the first few of them in one line.
    public static String text(List<String> differences) {
      String list = String.join("; ", differences.subList(0, Math.min(LISTED, differences.size())));
      return differences.size() <= LISTED
          ? list
          : list + "; and " + (differences.size() - LISTED) + " more";
    }

    private static String text(JsonNode value) {
      return value == null ? "not set" : value.toString();
    }
  }
}
