package org.duovox.world;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.world.SemanticFiles.TestFile;
import org.duovox.world.voice.Speaker;
import org.duovox.world.voice.Voice;

/// Makes a set for sSIMI from word pairs with human judgments: every word spoken alone by every
/// voice, in the layout of ZeroSpeech 2021.
public final class SsimiSetMaker {
  /// The file that says that a set is complete.
  public static final String RECORD = "ssimi.json";

  private static final String FORMAT = "duovox-ssimi-set";
  private static final String TYPE = "synthetic";
  private static final int VERSION = 1;

  /// Everything that decides about the content of a folder.
  ///
  /// @param pairs SHA-256 of each file of pairs, by dataset
  record Settings(
      String format,
      int version,
      String split,
      List<String> voices,
      TreeMap<String, String> programs,
      TreeMap<String, String> pairs) {}

  /// What a set is.
  ///
  /// @param reused whether it was complete already
  public record Summary(
      Path out,
      boolean reused,
      List<String> datasets,
      List<String> voices,
      int pairs,
      int words,
      int files) {}

  private final String split;
  private final List<WordPairs> datasets = new ArrayList<>();
  private final TreeMap<String, String> hashes = new TreeMap<>();
  private final List<Voice> voices;
  private final String command;
  private final List<TestFile> files = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final Set<String> words = new LinkedHashSet<>();

  /// Plans a set.
  ///
  /// @param split dev or test: the folder below `semantic`
  /// @param voices as settings name them, such as `flite:slt`
  /// @param command of the user's, for voices of it; "" for none
  /// @throws DuovoxException (BAD_DATA) for pairs that cannot be read
  public SsimiSetMaker(String split, List<Path> pairs, List<String> voices, String command) {
    this.split = split;
    this.voices = voices.stream().map(Voice::parse).toList();
    this.command = command;
    for (Path file : pairs) {
      WordPairs dataset = WordPairs.read(file);
      if (hashes.put(dataset.dataset(), Hashes.sha256(file)) != null) {
        throw DuovoxException.usage(
            "two files of pairs are named '%s'; rename one".formatted(dataset.dataset()));
      }
      datasets.add(dataset);
      words.addAll(dataset.words());
    }
    if (this.voices.stream().map(Voice::slug).distinct().count() < voices.size()) {
      throw DuovoxException.usage("a voice is named twice");
    }
    plan();
  }

  private void plan() {
    int number = 0;
    for (String word : words) {
      for (Voice voice : voices) {
        String stem = "s-%s-%05d-%s".formatted(WorldPlan.ascii(word), number, voice.slug());
        TestFile file = new TestFile(TYPE, stem, voice, word);
        List<Integer> none = Collections.nCopies(word.split(" ").length, Sentence.NONE);
        files.add(file);
        jobs.add(new Job(file.path(split), voice, new Sentence(word, none), 1, 1, 0, Job.WHOLE));
      }
      number++;
    }
  }

  /// Makes the set, or goes on with it.
  ///
  /// @param replace removes a set of other settings first
  /// @param workers programs side by side
  /// @param limit after which a program is given up
  public Summary make(
      Path out, boolean replace, int workers, Duration limit, SpeechListener listener) {
    try (Speaker speaker = new Speaker(voices, command, limit)) {
      List<String> labels = voices.stream().map(Voice::label).toList();
      Settings settings = new Settings(FORMAT, VERSION, split, labels, speaker.versions(), hashes);
      speaker.require(voices);
      boolean needed = FolderSettings.prepare(out, settings, replace, RECORD);
      if (needed) {
        make(out, settings, speaker, workers, listener);
      }
      int pairs = datasets.stream().mapToInt(dataset -> dataset.pairs().size()).sum();
      return new Summary(
          out, !needed, List.copyOf(hashes.keySet()), labels, pairs, words.size(), files.size());
    }
  }

  private void make(
      Path out, Settings settings, Speaker speaker, int workers, SpeechListener listener) {
    SpeechPlan plan =
        new SpeechPlan() {
          @Override
          public int size() {
            return jobs.size();
          }

          @Override
          public Job job(int index) {
            return jobs.get(index);
          }
        };
    try (SpeechFolder folder = SpeechFolder.open(out, settings, plan)) {
      new SpeechRun(plan, folder, speaker, WorldConfig.Speech.defaults()).run(workers, listener);
      Path semantic = out.resolve("semantic").resolve(split);
      SemanticFiles.gold(semantic.resolve("gold.csv"), files);
      SemanticFiles.pairs(
          semantic.resolve("pairs.csv"),
          List.of(TYPE),
          sink -> {
            for (WordPairs dataset : datasets) {
              for (SemanticFiles.Pair pair : dataset.pairs()) {
                sink.add(pair);
              }
            }
          });
      folder.finish(RECORD, Json.pretty(settings));
    }
  }
}
