package org.duovox.world;

import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;

/// Settings of a microworld; [#defaults()] needs no file.
///
/// @param world what there is to speak about, and how much
/// @param text how utterances are worded
/// @param speech who speaks, and how
/// @param test the test words
/// @param intents the intent set
public record WorldConfig(Scope world, Text text, Speech speech, Test test, Intents intents) {
  /// Names of the sections.
  public static final List<String> SECTIONS = List.of("world", "text", "speech", "test", "intents");

  // More than a year of speech; their ids have seven digits.
  private static final int MOST_UTTERANCES = 10_000_000;
  // All of them are planned in memory.
  private static final int MOST_INTENT_UTTERANCES = 1_000_000;

  /// How much there is.
  ///
  /// @param seed of everything that is drawn
  /// @param utterances of `train`
  /// @param classes word classes of each language
  /// @param words of each class, even: half of them are of its first subclass
  /// @param vocabulary files of words and templates by language, instead of those that come with
  ///   Duovox
  public record Scope(
      long seed, int utterances, int classes, int words, Map<String, String> vocabulary) {
    public Scope {
      range(utterances, 1, MOST_UTTERANCES, "utterances");
      require(classes >= 2, "'classes' must be at least 2, so that words can be unlike");
      require(
          words >= 8 && words % 2 == 0,
          "'words' must be even and at least 8, so that dev and test have pairs of each subclass");
      vocabulary = Map.copyOf(vocabulary);
    }

    public static Scope defaults() {
      return new Scope(1, 8000, 16, 12, Map.of());
    }
  }

  /// How utterances are worded.
  ///
  /// @param enumerations share of utterances that enumerate words of a class, the others are
  ///   templates
  /// @param subclassLists share of the enumerations that keep to one subclass
  /// @param mixedLists share of the enumerations that mix a class with its partner
  /// @param lists forms of enumerations in place of the vocabulary's; empty: those
  public record Text(
      double enumerations, double subclassLists, double mixedLists, List<String> lists) {
    public Text {
      share(enumerations, "enumerations");
      share(subclassLists, "subclass_lists");
      share(mixedLists, "mixed_lists");
      require(
          subclassLists + mixedLists <= 1,
          "'mixed_lists' and 'subclass_lists' together must be at most 1");
      lists = List.copyOf(lists);
    }

    public static Text defaults() {
      return new Text(0.8, 0.25, 0.1, List.of());
    }
  }

  /// Who speaks.
  ///
  /// @param voices `program:voice[@language]` that speak in turn
  /// @param command a program of the user's, for voices `command:NAME@LANGUAGE`
  /// @param rateVariation how much faster or slower an utterance may be, as a share
  /// @param pitchVariation how much higher or lower a voice may be, as a share
  /// @param pauseMs silence added at every pause inside an utterance
  /// @param snr of noise in the background, in dB; none when left out
  /// @param timeoutSeconds after which a program that speaks one text is given up
  public record Speech(
      List<String> voices,
      String command,
      double rateVariation,
      double pitchVariation,
      int pauseMs,
      Double snr,
      int timeoutSeconds) {
    public Speech {
      voices = List.copyOf(voices);
      require(!voices.isEmpty(), "'voices' must name at least one, such as flite:slt");
      require(command != null, "'command' must be text; leave it out for none");
      range(rateVariation, 0, 0.5, "rate_variation");
      range(pitchVariation, 0, 0.5, "pitch_variation");
      range(pauseMs, 0, 10_000, "pause_ms");
      range(snr == null ? 0 : snr, -20, 100, "snr");
      range(timeoutSeconds, 1, 3600, "timeout_seconds");
    }

    public static Speech defaults() {
      return new Speech(List.of("flite:slt", "flite:rms"), "", 0, 0, 200, null, 60);
    }
  }

  /// The test words.
  ///
  /// @param devShare share of each class's words that dev has; test has the others
  /// @param tokens cut out of utterances for each word; 0: none
  /// @param voices that speak test in place of the voices of train; empty: those
  public record Test(double devShare, int tokens, List<String> voices) {
    public Test {
      range(devShare, 0.1, 0.9, "dev_share");
      require(tokens >= 0 && tokens <= 10, "'tokens' must be from 0 to 10, as in ZeroSpeech 2021");
      voices = List.copyOf(voices);
    }

    public static Test defaults() {
      return new Test(0.34, 10, List.of());
    }
  }

  /// The intent set.
  ///
  /// @param utterances of all splits together; 0: no intent set
  /// @param speakers made of each voice, by rate and pitch
  /// @param variation of rate and pitch between them, as a share
  /// @param newWords share of each class's words that only the test split says
  public record Intents(int utterances, int speakers, double variation, double newWords) {
    public Intents {
      require(
          utterances == 0
              || (utterances >= 10 * IntentSet.INTENTS && utterances <= MOST_INTENT_UTTERANCES),
          "'utterances' must be 0 or from %d to %d"
              .formatted(10 * IntentSet.INTENTS, MOST_INTENT_UTTERANCES));
      range(speakers, 3, 1000, "speakers");
      range(variation, 0.01, 0.5, "variation");
      range(newWords, 0, 0.5, "new_words");
    }

    public static Intents defaults() {
      return new Intents(2000, 6, 0.15, 0);
    }
  }

  /// The settings without a file.
  public static WorldConfig defaults() {
    return new WorldConfig(
        Scope.defaults(), Text.defaults(), Speech.defaults(), Test.defaults(), Intents.defaults());
  }

  private static void share(double value, String key) {
    range(value, 0, 1, key);
  }

  private static void range(double value, double low, double high, String key) {
    require(
        value >= low && value <= high,
        "'%s' must be from %s to %s".formatted(key, number(low), number(high)));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw DuovoxException.config(message);
    }
  }
}
