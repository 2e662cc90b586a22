package org.duovox.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// A sentence whose slots take words of certain classes.
///
/// @param form its text with `{}` for each slot
/// @param slots the words that each slot takes
record Template(String form, List<Slot> slots) {
  private static final Pattern SLOT = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9_]*)(?:\\.([12]))?");

  /// A place for a word.
  ///
  /// @param name the template and the number of the slot in it
  /// @param words what it takes, each as likely as the others
  record Slot(String name, List<Word> words) {}

  /// Parses a template.
  ///
  /// @param members the words of a class and subclass (0: both); empty for a class that this world
  ///   leaves out; null for one that the vocabulary does not have
  /// @return nothing when a slot has no word left
  static Optional<Template> parse(String text, BiFunction<String, Integer, List<Word>> members) {
    List<Slot> slots = new ArrayList<>();
    Matcher matcher = SLOT.matcher(text);
    while (matcher.find()) {
      List<Word> words = new ArrayList<>();
      for (String part : matcher.group(1).split("\\|", -1)) {
        words.addAll(words(text, part, members));
      }
      slots.add(new Slot(text + " #" + (slots.size() + 1), words));
    }
    String form = SLOT.matcher(text).replaceAll("{}");
    if (slots.isEmpty() || form.replace("{}", "").matches(".*[{}].*")) {
      throw DuovoxException.badData(
          "the template '%s' needs at least one slot such as {animal}".formatted(text));
    }
    boolean usable = slots.stream().noneMatch(slot -> slot.words().isEmpty());
    return usable ? Optional.of(new Template(form, slots)) : Optional.empty();
  }

  private static List<Word> words(
      String text, String part, BiFunction<String, Integer, List<Word>> members) {
    Matcher name = NAME.matcher(part);
    List<Word> words = null;
    if (name.matches()) {
      int subclass = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
      words = members.apply(name.group(1), subclass);
    }
    if (words == null) {
      throw DuovoxException.badData(
          "the template '%s' names '%s', which is no class of the vocabulary and no subclass"
                  .formatted(text, part)
              + " such as animal.1");
    }
    return words;
  }
}
