package org.duovox.world;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.duovox.units.SplitMix;
import org.duovox.world.voice.Clauses;
import org.duovox.world.voice.Voice;
import org.duovox.world.voice.Voice.Program;

/// Everything that a world speaks: train, the test words alone, the test words cut out of
/// utterances, the intents; in this order.
///
/// An utterance of train is a function of the settings and its number alone, so that a world of any
/// size needs no memory for it.
final class WorldPlan implements SpeechPlan {
  private static final int FOLDER_SIZE = 1000;

  /// A test word's file.
  ///
  /// @param job its number in the plan
  /// @param type synthetic or librispeech, the names of ZeroSpeech 2021
  record Token(int job, String type, Word word, Voice voice, String stem) {}

  private final World world;
  private final int utterances;
  private final long seed;
  private final List<Job> others = new ArrayList<>();
  private final List<Token> tokens = new ArrayList<>();
  private final int firstIntent;

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
    firstIntent = size();
    intents.items().forEach(this::add);
  }

  private void addAlone(String set, Word word) {
    for (Voice voice : voices(set, word)) {
      String stem = "s-%s-%04d-%s".formatted(ascii(word.text()), word.id(), voice.slug());
      add(set, word, voice, new Token(size(), "synthetic", word, voice, stem), Sentence.of(word), -1);
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
      Token token = new Token(size(), "librispeech", word, voice, stem);
      add(set, word, voice, token, sentence, place(sentence, word));
    }
  }

  private static int place(Sentence sentence, Word word) {
    return sentence.words().indexOf(word.id());
  }

  private List<Voice> voices(String set, Word word) {
    return world.voicesOf(set).stream().filter(v -> v.language().equals(word.language())).toList();
  }

  private void add(
      String set, Word word, Voice voice, Token token, Sentence sentence, int cut) {
    tokens.add(token);
    String file = "semantic/%s/%s/%s.wav".formatted(set, token.type(), token.stem());
    others.add(new Job(file, voice, sentence, 1, 1, noise(size()), cut));
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
            noise(size()),
            Job.WHOLE));
  }

  private long noise(int index) {
    return SplitMix.of(seed, 7, index).nextLong();
  }

  @Override
  public int size() {
    return utterances + others.size();
  }

  @Override
  public Job job(int index) {
    if (index >= utterances) {
      return others.get(index - utterances);
    }
    WorldConfig.Speech speech = world.config().speech();
    Voice voice = world.voices().get(index % world.voices().size());
    SplitMix random = SplitMix.of(seed, 8, index);
    Sentence sentence = world.grammars().get(voice.language()).draw(random);
    double rate = 1 + speech.rateVariation() * (2 * random.nextDouble() - 1);
    double pitch = 1 + speech.pitchVariation() * (2 * random.nextDouble() - 1);
    String file = "train/%s".formatted(path(index));
    return new Job(file, voice, sentence, rate, pitch, noise(index), Job.WHOLE);
  }

  /// Returns the id of an utterance of train.
  static String id(int index) {
    return "train-%07d".formatted(index);
  }

  /// Returns its path beside the manifest.
  static String path(int index) {
    return "wav/%04d/%s.wav".formatted(index / FOLDER_SIZE, id(index));
  }

  List<Token> tokens(String set) {
    return tokens.stream().filter(token -> token.word().set().equals(set)).toList();
  }

  int utterances() {
    return utterances;
  }

  int firstIntent() {
    return firstIntent;
  }

  /// Returns a word in letters that every file system takes.
  static String ascii(String word) {
    String plain =
        Normalizer.normalize(word, Normalizer.Form.NFD)
            .replaceAll("[^A-Za-z0-9]", "");
    return plain.isEmpty() ? "word" : plain;
  }
}
