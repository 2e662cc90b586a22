package org.duovox.world;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.io.json.Json;
import org.duovox.world.voice.Speaker;

/// Makes a spoken microworld: plans it, has it spoken, writes what is known about it.
///
/// The output grows in place, and the same call goes on with it after it was ended; `world.json` is
/// written last.
public final class WorldMaker {
  /// The file that says that a world is complete.
  public static final String RECORD = "world.json";

  private static final String FORMAT = "duovox-world";

  /// Everything that decides about the content of a folder.
  record Settings(
      String format,
      int version,
      WorldConfig config,
      TreeMap<String, String> programs,
      TreeMap<String, Vocabulary> vocabularies) {}

  /// What a world is.
  ///
  /// @param reused whether it was complete already
  /// @param utterances of train
  /// @param hours of train
  /// @param classes of each language
  /// @param words of all languages
  /// @param files all that was spoken
  public record Summary(
      Path out,
      boolean reused,
      int utterances,
      double hours,
      List<String> voices,
      List<String> languages,
      int classes,
      int words,
      Map<String, Integer> testWords,
      int intents,
      int intentUtterances,
      int intentSpeakers,
      int files) {}

  private final WorldConfig config;
  private final World world;
  private final IntentSet intents;

  /// Plans a world.
  ///
  /// @throws DuovoxException (BAD_CONFIG, BAD_DATA) for settings that do not go together
  public WorldMaker(WorldConfig config) {
    this.config = config;
    world = World.of(config);
    intents = new IntentSet(world);
  }

  /// Makes the world, or goes on with it.
  ///
  /// @param replace removes a world of other settings first
  /// @param workers programs side by side
  /// @throws DuovoxException (UNAVAILABLE) for programs and voices that are not there;
  ///   (CANNOT_CREATE) for a folder with other content
  public Summary make(Path out, boolean replace, int workers, SpeechListener listener) {
    Duration limit = Duration.ofSeconds(config.speech().timeoutSeconds());
    try (Speaker speaker = new Speaker(world.allVoices(), config.speech().command(), limit)) {
      Settings settings = new Settings(FORMAT, 1, config, speaker.versions(), vocabularies());
      speaker.require(world.allVoices());
      WorldPlan plan = new WorldPlan(world, intents);
      if (!FolderSettings.prepare(out, settings, replace, RECORD)) {
        double hours = Json.tree(out.resolve(RECORD)).path("train").path("hours").asDouble();
        return summary(out, true, plan, hours);
      }
      try (SpeechFolder folder = SpeechFolder.open(out, settings, plan)) {
        new SpeechRun(plan, folder, speaker, config.speech()).run(workers, listener);
        return write(folder, plan, settings);
      }
    }
  }

  private TreeMap<String, Vocabulary> vocabularies() {
    TreeMap<String, Vocabulary> vocabularies = new TreeMap<>();
    world.grammars().forEach((language, g) -> vocabularies.put(language, g.vocabulary()));
    return vocabularies;
  }

  private Summary write(SpeechFolder folder, WorldPlan plan, Settings settings) {
    Similarity similarity = new Similarity(world);
    for (String set : List.of(Word.DEV, Word.TEST)) {
      List<Word> words = world.words(set);
      Path semantic = folder.out().resolve("semantic").resolve(set);
      List<String> types =
          plan.tokens(set).stream().map(SemanticFiles.TestFile::type).distinct().toList();
      SemanticFiles.gold(semantic.resolve("gold.csv"), plan.tokens(set));
      SemanticFiles.pairs(
          semantic.resolve("pairs.csv"), types, SemanticFiles.of(world, words, similarity));
    }
    if (!intents.items().isEmpty()) {
      IntentFiles.write(folder.out().resolve("intents"), intents);
    }
    TrainFiles train = new TrainFiles(world);
    double hours = train.write(folder, plan) / 3600.0 / AudioLoader.SAMPLE_RATE;
    folder.finish(RECORD, Json.pretty(record(settings, train, similarity, hours)));
    return summary(folder.out(), false, plan, hours);
  }

  private Map<String, Object> record(
      Settings settings, TrainFiles train, Similarity similarity, double hours) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("format", FORMAT);
    record.put("version", 1);
    record.put("config", settings.config());
    record.put("programs", settings.programs());
    record.put("train", Map.of("utterances", config.world().utterances(), "hours", hours));
    record.put("words", words(similarity));
    record.put("vocabulary", train.vocabulary());
    record.put("intents", intents.all());
    return record;
  }

  private List<Map<String, Object>> words(Similarity similarity) {
    List<Map<String, Object>> words = new ArrayList<>();
    for (Word word : world.words()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("id", word.id());
      entry.put("word", word.text());
      entry.put("language", word.language());
      entry.put("class", word.className());
      entry.put("subclass", word.subclass());
      entry.put("set", word.set());
      entry.put("slots", similarity.counts(word));
      words.add(entry);
    }
    return words;
  }

  private Summary summary(Path out, boolean reused, WorldPlan plan, double hours) {
    Map<String, Integer> testWords = new TreeMap<>();
    for (String set : List.of(Word.DEV, Word.TEST)) {
      testWords.put(set, world.words(set).size());
    }
    return new Summary(
        out,
        reused,
        plan.utterances(),
        hours,
        world.allVoices().stream().map(v -> v.label()).toList(),
        List.copyOf(world.grammars().keySet()),
        config.world().classes(),
        world.words().size(),
        testWords,
        intents.all().size(),
        intents.items().size(),
        intents.speakers().size(),
        plan.size());
  }
}
