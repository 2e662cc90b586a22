package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.recipe.DataSet.FileNamePattern;
import org.duovox.recipe.Recipe.SplitConfig;
import org.duovox.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fields from file names, folds, shifted copies, and the joining of their answers.
class DataRulesTest {
  private static Utterance utterance(String id, Map<String, String> fields) {
    return new Utterance(id, Path.of(id + ".wav"), OptionalLong.empty(), fields);
  }

  @Test
  void readsFieldsFromFileNames() {
    FileNamePattern pattern = FileNamePattern.of("{digit}_{speaker}_{index}");
    assertEquals(
        Optional.of(Map.of("digit", "7", "speaker", "jackson", "index", "32")),
        pattern.read("some/folder/7_jackson_32"));
    assertEquals(Optional.empty(), pattern.read("readme"));
    assertEquals(
        Optional.of(Map.of("a", "x", "b", "y")), FileNamePattern.of("{a}/{b}").read("x/y"));
  }

  @Test
  void textOfAPatternStandsForItself() {
    assertEquals(Optional.of(Map.of("n", "3")), FileNamePattern.of("take.{n}").read("take.3"));
    assertEquals(Optional.empty(), FileNamePattern.of("take.{n}").read("takeX3"));
  }

  @Test
  void refusesAPatternWithoutFieldsOrWithOneTwice() {
    Failures.assertFails(Kind.BAD_CONFIG, () -> FileNamePattern.of("digits"), "no field");
    Failures.assertFails(Kind.BAD_CONFIG, () -> FileNamePattern.of("{a}_{a}"), "twice");
  }

  @Test
  void holdsOutOneValueAtATime() {
    List<Fold> folds =
        Fold.of(
            new SplitConfig("speaker", "split", "train", "test"),
            List.of(
                utterance("1", Map.of("speaker", "b")), utterance("2", Map.of("speaker", "a"))));
    assertEquals(List.of("speaker=a", "speaker=b"), folds.stream().map(Fold::name).toList());
    assertTrue(folds.getFirst().testing().test(Map.of("speaker", "a")));
    assertFalse(folds.getFirst().training().test(Map.of("speaker", "a")));
    assertTrue(folds.getFirst().training().test(Map.of("speaker", "b")));
  }

  @Test
  void refusesFoldsThatWouldShareAFolder() {
    for (List<String> names :
        List.of(List.of("a b", "a_b"), List.of("\u00e4", "\u00f6"), List.of("x/1", "x:1"))) {
      List<Utterance> speakers =
          List.of(
              utterance("1", Map.of("speaker", names.get(0))),
              utterance("2", Map.of("speaker", names.get(1))),
              utterance("3", Map.of("speaker", "c")));
      SplitConfig split = new SplitConfig("speaker", "split", "train", "test");
      Failures.assertFails(
          Kind.BAD_DATA,
          () -> Fold.of(split, speakers),
          "'" + names.get(0) + "' and '" + names.get(1) + "'");
    }
  }

  @Test
  void refusesFoldsWithNamesThatNoFolderTakes() {
    String long200 = "n".repeat(200);
    List<Utterance> utterances =
        List.of(
            utterance("1", Map.of("speaker", long200, "split", "train")),
            utterance("2", Map.of("speaker", "c", "split", long200)));
    for (SplitConfig split :
        List.of(
            new SplitConfig("speaker", "split", "train", "test"),
            new SplitConfig(null, "split", "train", long200))) {
      Failures.assertFails(
          Kind.BAD_DATA, () -> Fold.of(split, utterances), "of 180 characters); shorten it");
    }
  }

  @Test
  void linksOutOfAPublishedDataSetNeedPermission(@TempDir Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("data/dev/1/2")).resolve("../../..");
    Path elsewhere = Files.createFile(folder.resolve("elsewhere.flac"));
    Files.createSymbolicLink(root.resolve("dev/1/2/1-2-0000.flac"), elsewhere);
    Failures.assertFails(
        Kind.BAD_DATA,
        () -> published(root, false).read(),
        "1-2-0000.flac: is a link",
        "data.allow_absolute=true takes it all the same");
    assertEquals(1, published(root, true).read().size());
  }

  private static DataConfig published(Path root, boolean allowAbsolute) {
    SplitConfig split = SplitConfig.defaults();
    String folder = root.normalize().toString();
    return new DataConfig(
        folder,
        null,
        "librispeech",
        null,
        allowAbsolute,
        null,
        null,
        split,
        List.of(),
        Map.of(),
        1);
  }

  @Test
  void refusesATestPartThatIsCalledLikeTheMean() {
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () ->
            Fold.of(
                new SplitConfig(null, "split", "train", "mean"),
                List.of(
                    utterance("1", Map.of("split", "train")),
                    utterance("2", Map.of("split", "mean")))),
        "data.split.test");
  }

  @Test
  void aFixedSplitKeepsOtherValuesOutOfBothParts() {
    Fold fold =
        Fold.of(
                SplitConfig.defaults(),
                List.of(
                    utterance("1", Map.of("split", "train")),
                    utterance("2", Map.of("split", "test")),
                    utterance("3", Map.of("split", "other"))))
            .getFirst();
    assertFalse(fold.training().test(Map.of("split", "other")));
    assertFalse(fold.testing().test(Map.of("split", "other")));
  }

  @Test
  void refusesASplitWithAnEmptyPart() {
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> Fold.of(SplitConfig.defaults(), List.of(utterance("1", Map.of("split", "train")))),
        "split = test");
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () ->
            Fold.of(
                new SplitConfig("speaker", "split", "train", "test"),
                List.of(utterance("1", Map.of("speaker", "a")))),
        "at least two");
  }

  @Test
  void shiftedCopiesKeepTheirFieldsAndNameTheirOriginal() {
    List<Utterance> all =
        new Shifts(List.of(20, 40)).expand(List.of(utterance("x/1", Map.of("digit", "4"))));
    assertEquals(List.of("x/1", "x/1+20ms", "x/1+40ms"), all.stream().map(Utterance::id).toList());
    assertEquals("4", all.get(1).fields().get("digit"));
    assertEquals("x/1", all.get(1).fields().get(Utterance.COPY_OF));
    assertEquals(null, all.get(0).fields().get(Utterance.COPY_OF));
  }

  @Test
  void shiftedCopiesOfAPartAreCopiesOfThePart(@TempDir Path folder) throws IOException {
    Path jsonl = folder.resolve("m.jsonl");
    Files.writeString(jsonl, "{\"audio\": \"a.wav\", \"offset\": 0.5, \"duration\": 1}\n");
    List<Utterance> part = Manifest.read(jsonl).utterances();
    List<Utterance> all = new Shifts(List.of(20)).expand(part);
    assertEquals("a@0.5-1.5+20ms", all.get(1).id());
    assertEquals(part.getFirst().excerpt(), all.get(1).excerpt());
  }

  @Test
  void refusesShiftsThatAreNotShifts() {
    for (List<Integer> wrong : List.of(List.of(0), List.of(-20), List.of(1001), List.of(20, 20))) {
      Failures.assertFails(Kind.BAD_CONFIG, () -> new Shifts(wrong), "data.shifts_ms");
    }
    assertEquals(List.of(), new Shifts(null).milliseconds());
  }

  @Test
  void labelsOfOneFoldAloneAreToldBeforeAnythingIsTrained() {
    List<Utterance> utterances =
        List.of(
            utterance("1", Map.of("speaker", "a", "digit", "1")),
            utterance("2", Map.of("speaker", "a", "digit", "2")),
            utterance("3", Map.of("speaker", "b", "digit", "1")),
            utterance("4", Map.of("speaker", "b", "digit", "3")));
    List<Fold> folds = Fold.of(new SplitConfig("speaker", "split", "train", "test"), utterances);
    Failures.assertFails(
        Kind.BAD_DATA,
        () -> Fold.requireLabels(folds, utterances, "digit"),
        "fold speaker=a tests the digit [2]",
        "fold speaker=b tests the digit [3]");
    Failures.assertFails(
        Kind.BAD_DATA,
        () -> Fold.requireLabels(folds, utterances.subList(1, 3), "digit"),
        "fold speaker=a trains on the digit [1] alone");
    List<Utterance> both = new ArrayList<>();
    for (String speaker : List.of("a", "b")) {
      both.add(utterance("1" + speaker, Map.of("speaker", speaker, "digit", "1")));
      both.add(utterance("2" + speaker, Map.of("speaker", speaker, "digit", "2")));
    }
    Fold.requireLabels(folds, both, "digit");
  }
}
