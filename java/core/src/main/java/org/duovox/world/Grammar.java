package org.duovox.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.units.SplitMix;
import org.duovox.world.Template.Slot;
import org.duovox.world.Vocabulary.WordClass;

/// The part of a language that a world speaks: its words, the sentences they occur in, and how
/// often each word occurs in which slot.
final class Grammar {
  // Of all texts, one in so many is kept for test tokens and is never said in train.
  private static final int HELD_BACK = 16;
  private static final int MOST_DRAWS = 20_000;

  private final Vocabulary vocabulary;
  private final WorldConfig config;
  private final List<Word> words = new ArrayList<>();
  private final List<String> classes = new ArrayList<>();
  private final Map<String, String> partners = new HashMap<>();
  private final List<Template> templates;
  private final List<String> lists;

  /// @param firstId of its first word
  Grammar(Vocabulary vocabulary, WorldConfig config, int firstId) {
    this.vocabulary = vocabulary;
    this.config = config;
    if (vocabulary.classes().size() < config.world().classes()) {
      throw DuovoxException.config(
          "'classes' is %d, but the vocabulary of '%s' has %d classes"
              .formatted(
                  config.world().classes(), vocabulary.language(), vocabulary.classes().size()));
    }
    vocabulary.classes().subList(0, config.world().classes()).forEach(c -> add(c, firstId));
    templates = vocabulary.templates().stream().flatMap(t -> template(t).stream()).toList();
    int most = config.world().words() / 2; // As many as a subclass has.
    lists =
        config.text().lists().isEmpty()
            ? vocabulary.lists().stream().filter(list -> slots(list) <= most).toList()
            : config.text().lists();
    requireSentences();
  }

  private void add(WordClass source, int firstId) {
    classes.add(source.name());
    partners.put(source.name(), source.partner());
    int half = config.world().words() / 2;
    for (int subclass = 1; subclass <= 2; subclass++) {
      List<String> texts = source.words().get(subclass - 1);
      if (texts.size() < half) {
        throw DuovoxException.config(
            "'words' is %d, but the vocabulary of '%s' has only %d words in subclass %d of '%s'; it must have half as many as 'words'"
                .formatted(2 * half, vocabulary.language(), texts.size(), subclass, source.name()));
      }
      int[] order = new int[half];
      for (int i = 0; i < half; i++) {
        order[i] = i;
      }
      SplitMix.of(config.world().seed(), 1, firstId, words.size()).shuffle(order, half);
      int dev = Math.clamp(Math.round(half * config.test().devShare()), 1, half - 1);
      for (int i = 0; i < half; i++) {
        String set = order[i] < dev ? Word.DEV : Word.TEST;
        int id = firstId + words.size();
        words.add(new Word(id, texts.get(i), vocabulary.language(), source.name(), subclass, set));
      }
    }
  }

  private Optional<Template> template(String text) {
    return Template.parse(
        text,
        (name, subclass) -> {
          boolean known = vocabulary.classes().stream().anyMatch(c -> c.name().equals(name));
          return known ? members(name, subclass) : null;
        });
  }

  private void requireSentences() {
    boolean sentences = config.text().enumerations() < 1;
    if (sentences && templates.isEmpty()) {
      throw DuovoxException.config(
          "'enumerations' is %s, but no template of '%s' has only classes of this world; take more 'classes', or enumerations: 1"
              .formatted(config.text().enumerations(), vocabulary.language()));
    }
    for (String list : lists) {
      int slots = slots(list);
      if (slots < 2 || slots > config.world().words() / 2 || list.contains("  ")) {
        throw DuovoxException.config(
            "'lists': '%s' must have {} at least twice, and at most %d times, half of 'words'"
                .formatted(list, config.world().words() / 2));
      }
    }
  }

  /// The words of a class.
  ///
  /// @param subclass 1 or 2; 0 for both
  private List<Word> members(String name, int subclass) {
    return words.stream()
        .filter(w -> w.className().equals(name) && (subclass == 0 || w.subclass() == subclass))
        .toList();
  }

  String language() {
    return vocabulary.language();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  List<Word> words() {
    return words;
  }

  List<String> classes() {
    return classes;
  }

  List<Word> members(String name) {
    return members(name, 0);
  }

  /// Returns all tokens that are no words of a class, sorted.
  List<String> otherTokens() {
    List<String> forms = new ArrayList<>(lists);
    templates.forEach(template -> forms.add(template.form()));
    return forms.stream()
        .flatMap(form -> List.of(form.split(" ")).stream())
        .filter(token -> !token.contains("{}"))
        .map(Sentence::bare)
        .filter(token -> !token.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /// Draws a text of train.
  Sentence draw(SplitMix random) {
    for (int i = 0; i < MOST_DRAWS; i++) {
      Sentence sentence =
          random.nextDouble() < config.text().enumerations()
              ? list(pool(classes.get(random.nextInt(classes.size())), random), null, random)
              : template(templates.get(random.nextInt(templates.size())), -1, null, random);
      if (!isHeldBack(sentence)) {
        return sentence;
      }
    }
    throw DuovoxException.config(
        "this world has too few sentences: all of them are kept for test; take more 'words' or"
            + " 'classes'");
  }

  /// Draws a text with a word in it that train never says.
  ///
  /// @param wanted what else the text must fulfill
  Sentence drawWith(Word word, SplitMix random, Predicate<Sentence> wanted) {
    List<Template> fitting =
        templates.stream()
            .filter(t -> t.slots().stream().anyMatch(s -> s.words().contains(word)))
            .toList();
    for (int i = 0; i < MOST_DRAWS; i++) {
      boolean list = fitting.isEmpty() || random.nextDouble() < config.text().enumerations();
      Sentence sentence =
          list
              ? list(poolWith(word, random), word, random)
              : around(word, fitting.get(random.nextInt(fitting.size())), random);
      if (isHeldBack(sentence) && wanted.test(sentence)) {
        return sentence;
      }
    }
    throw DuovoxException.config(
        "found no text with '%s' between two pauses that train does not say; a voice without word times needs 'enumerations' above 0 and 'lists' such as '{}. {}. {}.', or else tokens: 0"
            .formatted(word.text()));
  }

  private boolean isHeldBack(Sentence sentence) {
    return SplitMix.of(config.world().seed(), 2, sentence.text().hashCode()).nextInt(HELD_BACK)
        == 0;
  }

  private Sentence around(Word word, Template template, SplitMix random) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < template.slots().size(); i++) {
      if (template.slots().get(i).words().contains(word)) {
        places.add(i);
      }
    }
    return template(template, places.get(random.nextInt(places.size())), word, random);
  }

  private static Sentence template(Template template, int place, Word word, SplitMix random) {
    List<Word> chosen = new ArrayList<>();
    for (Slot slot : template.slots()) {
      boolean given = chosen.size() == place;
      chosen.add(given ? word : slot.words().get(random.nextInt(slot.words().size())));
    }
    return Sentence.fill(template.form(), chosen);
  }

  /// Draws an enumeration of different words of a pool.
  ///
  /// @param with one of them; null: any
  private Sentence list(List<Word> pool, Word with, SplitMix random) {
    String form = lists.get(random.nextInt(lists.size()));
    int count = slots(form);
    int[] order = new int[pool.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    random.shuffle(order, order.length);
    List<Word> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(pool.get(order[i]));
    }
    if (with != null && !chosen.contains(with)) {
      chosen.set(random.nextInt(count), with);
    }
    return Sentence.fill(form, chosen);
  }

  private List<Word> pool(String name, SplitMix random) {
    double scope = random.nextDouble();
    if (scope < config.text().subclassLists()) {
      return members(name, 1 + random.nextInt(2));
    }
    boolean mixed = scope < config.text().subclassLists() + config.text().mixedLists();
    return mixed && hasPartner(name) ? mixedPool(name) : members(name, 0);
  }

  private List<Word> poolWith(Word word, SplitMix random) {
    double scope = random.nextDouble();
    if (scope < config.text().subclassLists()) {
      return members(word.className(), word.subclass());
    }
    boolean mixed = scope < config.text().subclassLists() + config.text().mixedLists();
    return mixed && hasPartner(word.className())
        ? mixedPool(word.className())
        : members(word.className(), 0);
  }

  private boolean hasPartner(String name) {
    return classes.contains(partners.get(name));
  }

  private List<Word> mixedPool(String name) {
    List<Word> both = new ArrayList<>(members(name, 0));
    both.addAll(members(partners.get(name), 0));
    return both;
  }

  private static int slots(String list) {
    return list.split("\\{\\}", -1).length - 1;
  }

  /// Returns how often each word is expected in each slot, per utterance; an enumeration of one set
  /// of words is a slot.
  Map<Word, Map<String, Double>> slotCounts() {
    Map<Word, Map<String, Double>> counts = new HashMap<>();
    words.forEach(word -> counts.put(word, new TreeMap<>()));
    double perTemplate = (1 - config.text().enumerations()) / Math.max(1, templates.size());
    for (Template template : templates) {
      template.slots().forEach(slot -> spread(counts, slot.name(), slot.words(), perTemplate));
    }
    double perList =
        lists.stream().mapToInt(Grammar::slots).average().orElse(0) * config.text().enumerations();
    classes.forEach(name -> addLists(counts, name, perList / classes.size()));
    return counts;
  }

  private void addLists(Map<Word, Map<String, Double>> counts, String name, double weight) {
    double sub = config.text().subclassLists();
    double mixed = hasPartner(name) ? config.text().mixedLists() : 0;
    for (int subclass = 1; subclass <= 2; subclass++) {
      List<Word> part = members(name, subclass);
      spread(counts, "list of " + name + "." + subclass, part, weight * sub / 2);
    }
    spread(counts, "list of " + name, members(name, 0), weight * (1 - sub - mixed));
    if (mixed > 0) {
      String partner = partners.get(name);
      boolean first = name.compareTo(partner) < 0;
      String both = first ? name + "|" + partner : partner + "|" + name;
      spread(counts, "list of " + both, mixedPool(name), weight * mixed);
    }
  }

  private static void spread(
      Map<Word, Map<String, Double>> counts, String slot, List<Word> among, double weight) {
    if (weight > 0) {
      among.forEach(word -> counts.get(word).merge(slot, weight / among.size(), Double::sum));
    }
  }
}
