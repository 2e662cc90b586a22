package org.duovox.world;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.io.json.Json;

/// Writes what is known about the utterances of train: the manifest with texts and times, and their
/// words as ids, the units of a perfect recognizer.
final class TrainFiles {
  private static final String SPLIT = "train";

  /// A token of the vocabulary; its id is its place.
  ///
  /// @param className of a word of the world; null for any other
  record Entry(int id, String word, String language, @JsonProperty("class") String className) {}

  private final List<Entry> vocabulary = new ArrayList<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  TrainFiles(World world) {
    world.words().forEach(w -> add(w.text(), w.language(), w.className()));
    world
        .grammars()
        .forEach((language, grammar) ->
            grammar.otherTokens().forEach(token -> add(token, language, null)));
  }

  private void add(String text, String language, String className) {
    Integer id = vocabulary.size();
    if (ids.putIfAbsent(key(text, language), id) == null) {
      vocabulary.add(new Entry(id, text, language, className));
    }
  }

  private static String key(String text, String language) {
    return language + " " + text;
  }

  /// Returns all tokens that train says, the words of the world first.
  List<Entry> vocabulary() {
    return vocabulary;
  }

  /// Writes `train/manifest.jsonl` and `train.jsonl`; returns the samples of all utterances.
  long write(SpeechFolder folder, WorldPlan plan) {
    long[] samples = new long[1];
    SemanticFiles.write(
        folder.out().resolve("train/manifest.jsonl"),
        writer -> {
          for (int i = 0; i < plan.utterances(); i++) {
            SpeechFolder.Entry entry = folder.entry(plan.firstTrain() + i);
            samples[0] += entry.samples();
            writer.write(Json.line(manifestLine(i, plan.train(i), entry)) + "\n");
          }
        });
    SemanticFiles.write(
        folder.out().resolve("train.jsonl"),
        writer -> {
          for (int i = 0; i < plan.utterances(); i++) {
            writer.write(Json.line(wordLine(i, plan.train(i))) + "\n");
          }
        });
    return samples[0];
  }

  private Map<String, Object> manifestLine(int index, Job job, SpeechFolder.Entry entry) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", WorldPlan.id(index));
    line.put("audio", WorldPlan.path(index));
    line.put("text", job.sentence().text());
    line.put("voice", job.voice().label());
    line.put("language", job.voice().language());
    line.put("split", SPLIT);
    line.put("samples", entry.samples());
    line.put("words", words(job, entry.times()));
    return line;
  }

  private List<Map<String, Object>> words(Job job, List<Integer> times) {
    List<Map<String, Object>> words = new ArrayList<>();
    List<String> tokens = job.sentence().tokens();
    for (int i = 0; i < tokens.size(); i++) {
      Map<String, Object> word = new LinkedHashMap<>();
      Entry entry = entry(job, tokens.get(i));
      word.put("word", entry.word());
      word.put("id", entry.id());
      if (entry.className() != null) {
        word.put("class", entry.className());
      }
      if (times.get(2 * i) >= 0) {
        word.put("start", times.get(2 * i) / 1000.0);
        word.put("end", times.get(2 * i + 1) / 1000.0);
      }
      words.add(word);
    }
    return words;
  }

  private Map<String, Object> wordLine(int index, Job job) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", WorldPlan.id(index));
    line.put("language", job.voice().language());
    line.put("ids", job.sentence().tokens().stream().map(token -> entry(job, token).id()).toList());
    return line;
  }

  private Entry entry(Job job, String token) {
    return vocabulary.get(ids.get(key(Sentence.bare(token), job.voice().language())));
  }
}
