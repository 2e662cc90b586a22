package org.duovox.world.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.world.voice.PhoneAlignment.Phone;
import org.duovox.world.voice.Spoken.Span;
import org.junit.jupiter.api.Test;

final class FliteTest {
  // As flite 2.2 prints it for "the apple. the plum."
  private static final String PRINTED =
      "pau:0.192 dh:0.242 iy:0.349 ae:0.559 p:0.663 ax:0.768 l:0.856 pau:0.957 dh:1.018 ax:1.052"
          + " p:1.196 l:1.321 ah:1.408 m:1.614 pau:1.784 \n";
  private static final List<List<String>> WORDS =
      List.of(
          List.of("dh", "ax"),
          List.of("ae", "p", "ax", "l"),
          List.of("dh", "ax"),
          List.of("p", "l", "ah", "m"));

  @Test
  void phonesEndWhereTheyAreSaidTo() {
    List<Phone> phones = Flite.phones(PRINTED);
    assertEquals(15, phones.size());
    assertEquals(new Phone("pau", new Span(0, 0.192)), phones.getFirst());
    assertEquals(new Phone("m", new Span(1.408, 1.614)), phones.get(13));
  }

  /// The first "the" is said with another vowel than alone.
  @Test
  void wordsAreAlignedOverChangedPhones() {
    assertEquals(
        List.of(
            new Span(0.192, 0.349),
            new Span(0.349, 0.856),
            new Span(0.957, 1.052),
            new Span(1.052, 1.614)),
        PhoneAlignment.align(Flite.phones(PRINTED), WORDS));
  }

  @Test
  void aLostPhoneLeavesTheOthers() {
    List<Phone> phones = Flite.phones("pau:0.1 dh:0.2 ae:0.3 p:0.4 l:0.5 pau:0.6");
    List<Span> spans = PhoneAlignment.align(phones, WORDS.subList(0, 2));
    assertEquals(new Span(0.1, 0.2), spans.get(0));
    assertEquals(new Span(0.2, 0.5), spans.get(1));
  }

  @Test
  void otherWordsHaveNoTimes() {
    List<Phone> phones = Flite.phones("pau:0.1 s:0.2 t:0.3 aa:0.4 k:0.5 pau:0.6");
    PhoneAlignment.align(phones, WORDS.subList(0, 2)).forEach(span -> assertFalse(span.isKnown()));
    assertTrue(
        PhoneAlignment.align(phones, List.of(List.of("s", "t", "aa", "k"))).get(0).isKnown());
  }
}
