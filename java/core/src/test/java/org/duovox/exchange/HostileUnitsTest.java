package org.duovox.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.PathRules;
import org.duovox.io.TextLines.End;
import org.duovox.units.StreamInfo;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that lie, are cut off or are something else: an error with file and line, and no folder.
final class HostileUnitsTest {
  private static final StreamInfo HUBERT =
      new StreamInfo("hubert", "6", "", "", "imported", 20, 12.5);
  private static final String TSV = "/root\na.wav\t1200\nb/c.wav\t1600\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      textBlock =
          """
          ^1 2 x\\n1 2 3 4\\n^     ! ^u.km:1: unit 2 is 'x'^
          ^1 2 3\\n1 -2 3 4\\n^    ! ^u.km:2: unit 1 is '-2'^
          ^1 2 3\\n1 2 3.0 4\\n^   ! ^u.km:2: unit 2 is '3.0'^
          ^1 2 99999999999\\n1\\n^ ! ^u.km:1: unit 2 is '99999999999'^
          ^1 2 3\\n\\n^            ! ^u.km:2: has no units^
          ^1 2 3\\n   \\n^         ! ^u.km:2: has no units^
          ^1,2,3\\n1 2 3 4\\n^     ! ^u.km:1: mixed separators in '1,2,3'^
          ^1 2 3\\n1 2|3 4\\n^     ! ^u.km:2: mixed separators in '2|3'^
          ^1 2 3\\n^               ! ^ends after 1 lines^
          ^1 2 3\\n1 2 3 4\\n5\\n^ ! ^u.km:3: one line more than the 2 utterances^
          ^1 2 9\\n1 2 3 4\\n^     ! ^u.km:1: unit 9 at index 2 is not in the dictionary^
          ^1 2 3\\n1 2\\n^         ! ^u.km:2: 'b/c' has 2 frames of hubert 6^
          ^1 2 3\\n1 2 3\\0 4\\n^  ! ^u.km:2: control character 0 at column 6^
          ^^                       ! ^u.km: is empty^
          """)
  void labelsThatDoNotFitAreRefused(String km, String message) throws IOException {
    Path dict = write("dict.km.txt", "0 1\n1 1\n2 1\n3 1\n4 1\n");
    Path file = write("u.km", km.replace("\\n", "\n").replace("\\0", "\0"));
    refused(
        message,
        () ->
            new FairseqUnits(
                FairseqTsv.read(write("u.tsv", TSV), End.EXPECTED, PathRules.STRICT),
                List.of(file),
                dict,
                End.EXPECTED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      textBlock =
          """
          ^/root\\na.wav\\t1\\na.flac\\t2\\n^ ! ^u.tsv:3: the id 'a' occurs twice, first at^
          ^/root\\n../a.wav\\t1\\n^           ! ^u.tsv:2: "../a.wav" is not below the root^
          ^/root\\nx/../../a.wav\\t1\\n^      ! ^u.tsv:2: "x/../../a.wav" is not below^
          ^/root\\n/etc/passwd\\t1\\n^        ! ^u.tsv:2: absolute path^
          ^/root\\na.wav\\tmany\\n^           ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\na.wav\\n^                  ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\na.wav\\t1.5\\n^           ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\na.wav\\t\\n^              ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\na.wav\\t1\\t2\\n^          ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\na.wav\\t-1\\n^             ! ^u.tsv:2: expected path<TAB>samples^
          ^/root\\n^                          ! ^names no utterance^
          ^a.wav\\t12\\n^                     ! ^u.tsv:1: the first line must be the root^
          ^/root\\na\\0.wav\\t12\\n^          ! ^u.tsv:2: control character 0^
          """)
  void manifestsThatDoNotFitAreRefused(String tsv, String message) throws IOException {
    Path file = write("u.tsv", tsv.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0"));
    Path km = write("u.km", "1\n");
    refused(
        message,
        () ->
            new FairseqUnits(
                FairseqTsv.read(file, End.EXPECTED, PathRules.STRICT),
                List.of(km),
                null,
                End.EXPECTED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      textBlock =
          """
          ^a\\t1,2\\na\\t3\\n^       ! ^q.txt:2: the id 'a' occurs twice, first at^
          ^a 1,2\\n^                 ! ^q.txt:1: expected name<TAB>units^
          ^a\\t1\\t2\\n^             ! ^q.txt:1: expected name<TAB>units with one^
          ^../a\\t1\\n^              ! ^q.txt:1: not a usable id^
          ^/a\\t1\\n^                ! ^q.txt:1: not a usable id^
          ^a\\t1,,2\\n^              ! ^q.txt:1: unit 1 is ''^
          ^a\\t1,2,\\n^              ! ^q.txt:1: unit 2 is ''^
          ^\uFEFF\uFEFFa\\t1,2\\n^     ! ^q.txt:1: begins with a byte-order mark^
          ^a\\t1\\n\uFEFFb\\t2\\n^     ! ^q.txt:2: begins with a byte-order mark^
          ^a\\t1 2,3\\n^             ! ^q.txt:1: mixed separators in '1 2'^
          ^a\\t\\n^                  ! ^q.txt:1: has no units^
          ^a\\t1-2,3\\n^             ! ^q.txt:1: unit 1 is '3' with 1 groups, those before have 2^
          ^a\\t1,2\\nb\\t3-4\\n^     ! ^q.txt:2: mixed separators in '3-4'^
          ^a\\t1-2,3-x\\n^           ! ^q.txt:1: unit 1 is 'x'^
          """)
  void zeroSpeechLinesThatDoNotFitAreRefused(String text, String message) throws IOException {
    Path file = write("q.txt", text.replace("\\n", "\n").replace("\\t", "\t"));
    refused(message, () -> new ZeroSpeechUnits(file, null, End.EXPECTED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      textBlock =
          """
          ^{"id": "a", "units": [1, 2^                        ! ^u.jsonl:1^
          ^{"id": "a", "units": [1, -2]}^                     ! ^u.jsonl:1: units[1] is -2^
          ^{"id": "a", "units": [1, 2.5]}^                    ! ^u.jsonl:1: units[1] is 2.5^
          ^{"id": "a", "units": [1, "2"]}^                    ! ^u.jsonl:1: units[1] is "2"^
          ^{"id": "a", "units": []}^                          ! ^u.jsonl:1: units must be a list that is not^
          ^{"id": "a"}^                                       ! ^u.jsonl:1: needs 'units'^
          ^{"units": [1]}^                                    ! ^u.jsonl:1: needs a text 'id' or 'file_name'^
          ^{"id": "../a", "units": [1]}^                      ! ^u.jsonl:1: not a usable id^
          ^{"file_name": "/abs/a.wav", "units": [1]}^         ! ^u.jsonl:1: absolute path^
          ^{"id": "a", "units": [1, 2], "durations": [1]}^    ! ^2 units, but 1 durations^
          ^{"id": "a", "units": [1], "durations": [0]}^       ! ^durations[0] is 0^
          ^{"id": "a", "units": [1], "durations": [2000000000]}^ ! ^at most 50000000^
          ^{"id": "a", "units": [1], "units": [2]}^           ! ^u.jsonl:1^
          ^{"id": "a", "units": [1], "samples": -5}^          ! ^samples is -5^
          ^{"id": "a", "units": [1], "audio_sha256": "x"}^    ! ^no SHA-256 sum^
          ^[1, 2]^                                            ! ^u.jsonl:1^
          ^{"id": "a", "units": [2000000000]}^                ! ^beyond any vocabulary^
          """)
  void objectsThatDoNotFitAreRefused(String text, String message) throws IOException {
    Path file = write("u.jsonl", text + "\n");
    refused(message, () -> new JsonlUnits(file));
  }

  @Test
  void dictionariesAndVocabulariesMustAgree() throws IOException {
    Path dict = write("dict.km.txt", "0 1\n0 1\n");
    DuovoxException twice =
        assertThrows(DuovoxException.class, () -> FairseqDict.read(dict, End.EXPECTED));
    assertTrue(twice.getMessage().contains("dict.km.txt:2"), twice.getMessage());
    Path file = write("u.txt", "a|1 2 7\n");
    DuovoxException vocabulary =
        assertThrows(
            DuovoxException.class,
            () ->
                UnitImport.run(
                    new GslmUnits(file, null, End.EXPECTED),
                    HUBERT,
                    OptionalInt.of(5),
                    Optional.empty(),
                    folder.resolve("out")));
    assertTrue(vocabulary.getMessage().contains("u.txt:1: unit 7 at index 2"));
    FairseqTsv tsv = FairseqTsv.read(write("u.tsv", TSV), End.EXPECTED, PathRules.STRICT);
    refused(
        "the manifest names no utterance 'x'",
        () -> new GslmUnits(write("x.txt", "x|1\n"), tsv, End.EXPECTED));
  }

  @Test
  void aLastLineWithoutALineFeedIsTaken() throws IOException {
    Path km = write("u.km", "1 2 3\r\n1 2 3 4");
    UnitSet set =
        UnitImport.run(
            new FairseqUnits(
                FairseqTsv.read(write("u.tsv", TSV), End.EXPECTED, PathRules.STRICT),
                List.of(km),
                null,
                End.EXPECTED),
            HUBERT,
            OptionalInt.empty(),
            Optional.empty(),
            folder.resolve("out"));
    assertEquals(7, set.manifest().frames());
  }

  private interface Opened {
    UnitReader open() throws IOException;
  }

  private void refused(String message, Opened reader) {
    Path out = folder.resolve("out");
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () ->
                UnitImport.run(reader.open(), HUBERT, OptionalInt.empty(), Optional.empty(), out));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    assertFalse(Files.exists(out));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aVocabularyBeyondAnyModelIsRefused() throws IOException {
    Path file = write("u.jsonl", "{\"id\": \"a\", \"units\": [1]}\n");
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () ->
                UnitImport.run(
                    new JsonlUnits(file),
                    HUBERT,
                    OptionalInt.of(Integer.MAX_VALUE),
                    Optional.empty(),
                    folder.resolve("out")));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("16777216"), e.getMessage());
  }
}
