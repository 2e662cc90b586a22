package org.duovox.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.units.SplitMix;
import org.duovox.world.voice.Voice;

/// An intent set over the words of a world, as Fluent Speech Commands has it: 31 intents of action,
/// object and location, and no speaker in two splits. The object of an utterance is the class of
/// its word.
final class IntentSet {
  static final int INTENTS = 31;
  static final List<String> SPLITS = List.of("train", "valid", "test");

  private static final int MOST_OBJECTS = 14;
  private static final double[] SHARES = {0.7, 0.1, 0.2};
  private static final String TEST = "test";

  /// What an utterance means.
  record Intent(String action, String object, String location) {}

  /// A speaker: a voice at a rate and a pitch of its own.
  record Speaker(String id, Voice voice, double rate, double pitch, String split) {}

  /// An utterance of the set.
  record Item(Speaker speaker, Sentence sentence, Intent intent, String path) {}

  private final World world;
  private final List<Intent> intents;
  private final List<Speaker> speakers = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();

  IntentSet(World world) {
    this.world = world;
    if (world.config().intents().utterances() == 0) {
      intents = List.of();
      return;
    }
    intents = intents();
    world.voices().forEach(voice -> addSpeakers(voice, world.testVoices().contains(voice)));
    world.testVoices().stream()
        .filter(voice -> !world.voices().contains(voice))
        .forEach(voice -> variants(voice).forEach(s -> speakers.add(in(s, TEST))));
    for (int i = 0; i < SPLITS.size(); i++) {
      addItems(SPLITS.get(i), (int) Math.round(world.config().intents().utterances() * SHARES[i]));
    }
  }

  List<Intent> all() {
    return intents;
  }

  List<Speaker> speakers() {
    return speakers;
  }

  List<Item> items() {
    return items;
  }

  List<Item> items(String split) {
    return items.stream().filter(item -> item.speaker().split().equals(split)).toList();
  }

  /// Chooses the intents so that every action, object and location is among them.
  private List<Intent> intents() {
    Set<String> objects = null;
    Set<String> actions = null;
    Set<String> locations = null;
    for (Grammar grammar : world.grammars().values()) {
      objects = common(objects, new TreeSet<>(grammar.classes()));
      actions = common(actions, grammar.vocabulary().actions().keySet());
      locations = common(locations, grammar.vocabulary().locations().keySet());
    }
    List<Intent> candidates = new ArrayList<>();
    List<String> chosen =
        world.grammars().values().iterator().next().classes().stream()
            .filter(objects::contains)
            .limit(MOST_OBJECTS)
            .toList();
    for (String action : actions) {
      for (String object : chosen) {
        locations.forEach(location -> candidates.add(new Intent(action, object, location)));
      }
    }
    if (candidates.size() < INTENTS) {
      throw DuovoxException.config(
          "%d actions, %d classes and %d locations that all languages share make %d intents; %d are needed: take more 'classes', or intents.utterances: 0"
              .formatted(
                  actions.size(), chosen.size(), locations.size(), candidates.size(), INTENTS));
    }
    return select(shuffled(candidates));
  }

  private static Set<String> common(Set<String> some, Set<String> others) {
    Set<String> both = new TreeSet<>(others);
    if (some != null) {
      both.retainAll(some);
    }
    return both;
  }

  private List<Intent> shuffled(List<Intent> candidates) {
    int[] order = new int[candidates.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    SplitMix.of(world.config().world().seed(), 3).shuffle(order, order.length);
    List<Intent> shuffled = new ArrayList<>();
    for (int i : order) {
      shuffled.add(candidates.get(i));
    }
    return shuffled;
  }

  private static List<Intent> select(List<Intent> candidates) {
    List<Intent> selected = new ArrayList<>();
    Set<String> covered = new HashSet<>();
    for (Intent each : candidates) {
      boolean isNew = covered.add("action " + each.action());
      isNew |= covered.add("object " + each.object());
      isNew |= covered.add("location " + each.location());
      if (isNew) {
        selected.add(each);
      }
    }
    candidates.stream().filter(each -> !selected.contains(each)).forEach(selected::add);
    return List.copyOf(selected.subList(0, INTENTS));
  }

  /// Gives a voice's speakers to the splits: one in six to valid and one to test, at least one
  /// each.
  private void addSpeakers(Voice voice, boolean inTest) {
    List<Speaker> variants = variants(voice);
    int held = Math.max(1, variants.size() / 6);
    for (int i = 0; i < variants.size(); i++) {
      String split = i < held ? "valid" : i < 2 * held && inTest ? TEST : "train";
      speakers.add(in(variants.get(i), split));
    }
  }

  private static Speaker in(Speaker speaker, String split) {
    return new Speaker(speaker.id(), speaker.voice(), speaker.rate(), speaker.pitch(), split);
  }

  /// Makes the speakers of a voice; their pitches are spread evenly, in a drawn order.
  private List<Speaker> variants(Voice voice) {
    int count = world.config().intents().speakers();
    double variation = world.config().intents().variation();
    SplitMix random = SplitMix.of(world.config().world().seed(), 4, voice.label().hashCode());
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    random.shuffle(order, count);
    List<Speaker> variants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double pitch = 1 + variation * (2 * (order[i] + 0.5) / count - 1);
      double rate = 1 + variation * (2 * random.nextDouble() - 1);
      String id = "%s-%02d".formatted(voice.slug(), i + 1);
      variants.add(new Speaker(id, voice, rate, pitch, ""));
    }
    return variants;
  }

  private void addItems(String split, int count) {
    List<Speaker> some = speakers.stream().filter(s -> s.split().equals(split)).toList();
    SplitMix random = SplitMix.of(world.config().world().seed(), 5, SPLITS.indexOf(split));
    for (int i = 0; i < count; i++) {
      Intent intent = intents.get(i % INTENTS);
      Speaker speaker = some.get(random.nextInt(some.size()));
      Sentence sentence = sentence(intent, speaker, split, random);
      String path = "wavs/speakers/%s/%s-%05d.wav".formatted(speaker.id(), split, i);
      items.add(new Item(speaker, sentence, intent, path));
    }
  }

  private Sentence sentence(Intent intent, Speaker speaker, String split, SplitMix random) {
    Grammar grammar = world.grammars().get(speaker.voice().language());
    List<Word> words = known(grammar.members(intent.object()), split);
    String phrase = pick(grammar.vocabulary().actions().get(intent.action()), random);
    String place = pick(grammar.vocabulary().locations().get(intent.location()), random);
    String form = (phrase + " " + place).strip();
    return Sentence.fill(form, List.of(words.get(random.nextInt(words.size()))));
  }

  /// Leaves out the words that only test says; in test there are no others then.
  private List<Word> known(List<Word> words, String split) {
    int news = (int) Math.round(words.size() * world.config().intents().newWords());
    if (news == 0) {
      return words;
    }
    // Every second or third word and so on, so that both subclasses have some.
    double step = (double) words.size() / news;
    Set<Word> unseen = new HashSet<>();
    for (int i = 0; i < news; i++) {
      unseen.add(words.get((int) (i * step)));
    }
    return words.stream().filter(word -> unseen.contains(word) == split.equals(TEST)).toList();
  }

  private static String pick(List<String> texts, SplitMix random) {
    return texts.get(random.nextInt(texts.size()));
  }
}
