package org.duovox.world;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.units.SplitMix;
import org.duovox.world.SemanticFiles.TestFile;
import org.duovox.world.voice.Clauses;
import org.duovox.world.voice.Voice;
import org.duovox.world.voice.Voice.Program;

/// Everything that a world speaks: the test words alone, the test words cut out of utterances, the
/// intents, and train, in this order: what can fail comes before hours of train.
///
/// An utterance of train is a function of the settings and its number alone, so that a world of any
/// size needs no memory for it.
final class WorldPlan implements SpeechPlan {
  private static final int FOLDER_SIZE = 1000;

  private final World world;
  private final int utterances;
  private final long seed;
  private final List<Job> others = new ArrayList<>();
  private final Map<String, List<TestFile>> tokens = new TreeMap<>();

  WorldPlan(World world, IntentSet intents) {
    this.world = world;
    utterances = world.config().world().utterances();
    seed = world.config().world().seed();
    for (String set : List.of(Word.DEV, Word.TEST)) {
      world.words(set).forEach(word -> addAlone(set, word));
    }
    for (String set : List.of(Word.DEV, Word.TEST)) {
      world.words(set).forEach(word -> addCuts(set, word));
    }
    intents.items().forEach(this::add);
  }

  private void addAlone(String set, Word word) {
    for (Voice voice : voices(set, word)) {
      String stem = "s-%s-%04d-%s".formatted(ascii(word.text()), word.id(), voice.slug());
      add(set, new TestFile("synthetic", stem, voice, word.text()), Sentence.of(word), Job.WHOLE);
    }
  }

  private void addCuts(String set, Word word) {
    List<Voice> voices = voices(set, word);
    Grammar grammar = world.grammars().get(word.language());
    for (int i = 0; i < world.config().test().tokens(); i++) {
      Voice voice = voices.get(i % voices.size());
      SplitMix random = SplitMix.of(seed, 6, word.id(), i);
      boolean timed = voice.program() == Program.FLITE;
      Sentence sentence =
          grammar.drawWith(
              word, random, s -> timed || Clauses.standsAlone(s.tokens(), place(s, word)));
      String stem = "l-%s-%04d-%02d".formatted(ascii(word.text()), word.id(), i);
      TestFile token = new TestFile("librispeech", stem, voice, word.text());
      add(set, token, sentence, place(sentence, word));
    }
  }

  private static int place(Sentence sentence, Word word) {
    return sentence.words().indexOf(word.id());
  }

  private List<Voice> voices(String set, Word word) {
    return world.voicesOf(set).stream().filter(v -> v.language().equals(word.language())).toList();
  }

  private void add(String set, TestFile token, Sentence sentence, int cut) {
    tokens.computeIfAbsent(set, key -> new ArrayList<>()).add(token);
    SplitMix random = SplitMix.of(seed, 10, others.size());
    boolean vary = cut != Job.WHOLE; // Words alone are always said in the voice's own way.
    double rate = vary ? vary(world.config().speech().rateVariation(), random) : 1;
    double pitch = vary ? vary(world.config().speech().pitchVariation(), random) : 1;
    long noise = noise(7, others.size());
    others.add(new Job(token.path(set), token.voice(), sentence, rate, pitch, noise, cut));
  }

  private void add(IntentSet.Item item) {
    IntentSet.Speaker speaker = item.speaker();
    others.add(
        new Job(
            "intents/" + item.path(),
            speaker.voice(),
            item.sentence(),
            speaker.rate(),
            speaker.pitch(),
            noise(7, others.size()),
            Job.WHOLE));
  }

  private static double vary(double share, SplitMix random) {
    return 1 + share * (2 * random.nextDouble() - 1);
  }

  private long noise(int part, int index) {
    return SplitMix.of(seed, part, index).nextLong();
  }

  @Override
  public int size() {
    return others.size() + utterances;
  }

  /// Returns the number of the first utterance of train.
  int firstTrain() {
    return others.size();
  }

  @Override
  public Job job(int index) {
    return index < others.size() ? others.get(index) : train(index - others.size());
  }

  /// Returns an utterance of train.
  Job train(int index) {
    WorldConfig.Speech speech = world.config().speech();
    Voice voice = world.voices().get(index % world.voices().size());
    SplitMix random = SplitMix.of(seed, 8, index);
    Sentence sentence = world.grammars().get(voice.language()).draw(random);
    double rate = vary(speech.rateVariation(), random);
    double pitch = vary(speech.pitchVariation(), random);
    String file = "train/%s".formatted(path(index));
    return new Job(file, voice, sentence, rate, pitch, noise(9, index), Job.WHOLE);
  }

  /// Returns the id of an utterance of train.
  static String id(int index) {
    return "train-%07d".formatted(index);
  }

  /// Returns its path beside the manifest.
  static String path(int index) {
    return "wav/%04d/%s.wav".formatted(index / FOLDER_SIZE, id(index));
  }

  /// Returns the files of a test set, in the order of the plan.
  List<TestFile> tokens(String set) {
    return tokens.getOrDefault(set, List.of());
  }

  int utterances() {
    return utterances;
  }

  /// Returns a word in letters that every file system takes.
  static String ascii(String word) {
    String plain = Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("[^A-Za-z0-9]", "");
    return plain.isEmpty() ? "word" : plain;
  }
}
