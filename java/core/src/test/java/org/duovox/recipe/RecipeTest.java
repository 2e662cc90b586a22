package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.recipe.FeatureStage.EncoderUse;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bundled recipes are valid, paths start where a user expects, and mistakes are named.
class RecipeTest {
  private static final Path RECIPES = Path.of("..", "..", "recipes");

  @TempDir Path folder;

  @Test
  void theDemoReadsTheBundledSamples() {
    Recipe demo = Recipe.read(RECIPES.resolve("demo.yaml"), List.of());
    assertTrue(
        Files.isRegularFile(Path.of(demo.data().root(), demo.data().manifest())),
        demo.data().root());
    assertTrue(Files.isRegularFile(Path.of(demo.evaluations().ssimi().root(), "pairs.csv")));
    assertEquals(
        List.of(ModelSystem.DUAL, ModelSystem.CONTEXTUAL, ModelSystem.PHONETIC), demo.systems());
  }

  @Test
  void spokenDigitsWantsItsRoot() {
    Path recipe = RECIPES.resolve("spoken-digits.yaml");
    Failures.assertFails(
        Kind.BAD_CONFIG, () -> Recipe.read(recipe, List.of()), "--set data.root=DIR");
    Recipe digits = Recipe.read(recipe, List.of("data.root=recordings"));
    assertEquals(Path.of("recordings").toAbsolutePath().toString(), digits.data().root());
    assertEquals("speaker", digits.data().split().holdOut());
    assertNull(digits.evaluations().ssimi());
  }

  @Test
  void aRootInTheFileStartsFromTheFile() throws IOException {
    Path recipe = folder.resolve("r.yaml");
    Files.writeString(
        recipe,
        Files.readString(RECIPES.resolve("demo.yaml")).replace("../samples/commands", "sound"));
    assertEquals(folder.resolve("sound").toString(), Recipe.read(recipe, List.of()).data().root());
  }

  @Test
  void aManifestMayNameFilesElsewhereWhenTheRecipeSaysSo(@TempDir Path elsewhere)
      throws IOException {
    Path recipe = folder.resolve("r.yaml");
    Files.writeString(
        recipe, Files.readString(RECIPES.resolve("demo.yaml")).replace("../samples/commands", "d"));
    Files.createDirectories(folder.resolve("d"));
    Files.writeString(elsewhere.resolve("a.wav"), "");
    Files.writeString(
        folder.resolve("d/m.jsonl"),
        """
        {"audio": "%1$s/a.wav", "id": "1", "split": "train", "x": "1"}
        {"audio": "%1$s/a.wav", "id": "2", "split": "test", "x": "1"}
        """
            .formatted(elsewhere));
    List<String> data = List.of("data.manifest=m.jsonl", "data.label=x", "data.shifts_ms=[]");
    Failures.assertFails(
        Kind.BAD_DATA,
        () -> DataSet.read(Recipe.read(recipe, data).data()),
        "m.jsonl:1",
        "data.manifest_root=DIR",
        "data.allow_absolute=true");
    for (String way :
        List.of(
            "data.allow_absolute=true",
            "data.manifest_root=" + elsewhere,
            "data.manifest_root=" + elsewhere + "=" + elsewhere)) {
      List<String> settings = new ArrayList<>(data);
      settings.add(way);
      DataSet set = DataSet.read(Recipe.read(recipe, settings).data());
      assertEquals(elsewhere.resolve("a.wav"), set.utterances().getFirst().audio());
    }
    Path moved = Files.writeString(folder.resolve("m.yaml"), Files.readString(recipe));
    Files.writeString(
        moved, Files.readString(moved).replace("root: d", "root: d\n  manifest_root: /old=new"));
    assertEquals(
        "/old=" + folder.resolve("new"), Recipe.read(moved, List.of()).data().manifestRoot());
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> Recipe.read(recipe, List.of("data.manifest_root=old=new")).data().rules(),
        "data.manifest_root=OLD=NEW");
  }

  @Test
  void aDataSetMayBeInItsPublishedLayout() throws IOException {
    for (String split : List.of("train", "valid", "test")) {
      Files.createDirectories(folder.resolve("wavs"));
      Files.createDirectories(folder.resolve("data"));
      Files.writeString(folder.resolve("wavs/" + split + ".wav"), "");
      Files.writeString(
          folder.resolve("data/" + split + "_data.csv"),
          ",path,speakerId,transcription,action,object,location\n0,wavs/%s.wav,s,x,a,b,c\n"
              .formatted(split));
    }
    List<String> settings =
        new ArrayList<>(
            List.of(
                "data.root=" + folder,
                "data.layout=fluent-speech-commands",
                "data.label=intent",
                "data.shifts_ms=[]"));
    Path digits = RECIPES.resolve("spoken-digits.yaml");
    settings.addAll(List.of("data.pattern=null", "data.split.hold_out=null"));
    DataSet set = DataSet.read(Recipe.read(digits, settings).data());
    assertEquals(
        List.of("wavs/train", "wavs/valid", "wavs/test"),
        set.utterances().stream().map(utterance -> utterance.id()).toList());
    assertEquals("a|b|c", set.utterances().getFirst().fields().get("intent"));
    assertEquals("test", set.folds().getFirst().name());
    settings.add("data.manifest=m.jsonl");
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> DataSet.read(Recipe.read(digits, settings).data()),
        "leave out the manifest");
    List<String> unknown = List.of("data.root=" + folder, "data.layout=fluent");
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> DataSet.read(Recipe.read(digits, unknown).data()),
        "fluent-speech-commands");
  }

  @Test
  void encodersOfTheirOwnFolderAreFoundFromTheRecipe() throws IOException {
    Path recipe = folder.resolve("r.yaml");
    Files.writeString(
        recipe,
        Files.readString(RECIPES.resolve("demo.yaml"))
            .replace(
                "phonetic: {encoder: speech-embedding, layer: block2}",
                "phonetic: {encoder: models/cpc, layer: 2, chunking: window}"));
    Recipe.Representations found = Recipe.read(recipe, List.of()).representations();
    assertEquals("speech-embedding", found.contextual().encoder());
    assertEquals("whole", found.contextual().chunking());
    assertEquals(folder.resolve("models/cpc").toString(), found.phonetic().encoder());
    assertEquals("window:10240", found.phonetic().chunking());
    String set = "representations.phonetic.encoder=mine";
    assertEquals(
        Path.of("mine").toAbsolutePath().toString(),
        Recipe.read(recipe, List.of(set)).representations().phonetic().encoder());
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> Recipe.read(recipe, List.of("representations.phonetic.layer=null")),
        "representations.phonetic.layer is missing");
    EncoderUse window = EncoderUse.of(found.phonetic());
    assertNotEquals(window.folder(), new EncoderUse(window.encoder(), "whole").folder());
    assertEquals("speech-embedding", EncoderUse.of(found.contextual()).folder());
  }

  @Test
  void aMisspeltKeyIsNamedWithItsLine() throws IOException {
    Path recipe = folder.resolve("r.yaml");
    Files.writeString(
        recipe,
        Files.readString(RECIPES.resolve("demo.yaml")).replace("feed_forward:", "feedforward:"));
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () -> Recipe.read(recipe, List.of()),
        "r.yaml:",
        "unknown key 'feedforward'",
        "feed_forward");
  }

  @Test
  void quantizersAreKMeansUnlessCodesAreAskedFor() {
    Path demo = RECIPES.resolve("demo.yaml");
    QuantizerConfig plain = Recipe.read(demo, List.of()).quantizers().phonetic();
    assertEquals(QuantizerConfig.Method.KMEANS, plain.method());
    assertEquals(1, plain.levels());
    Recipe codes =
        Recipe.read(
            demo, List.of("quantizers.phonetic.method=codes", "quantizers.contextual.levels=2"));
    assertEquals(QuantizerConfig.Method.CODES, codes.quantizers().phonetic().method());
    assertEquals(2, codes.quantizers().contextual().levels());
    for (String wrong : List.of("method=vq", "clusters=0", "share=1.5", "starts=0")) {
      Failures.assertFails(
          Kind.BAD_CONFIG,
          () -> Recipe.read(demo, List.of("quantizers.phonetic." + wrong)),
          wrong.substring(0, wrong.indexOf('=')));
    }
    Failures.assertFails(
        Kind.BAD_CONFIG,
        () ->
            Recipe.read(
                demo, List.of("quantizers.phonetic.levels=2", "quantizers.phonetic.groups=2")),
        "levels and groups");
  }

  @Test
  void aMissingRecipeIsSaidSo() {
    Failures.assertFails(
        Kind.MISSING_INPUT,
        () -> Recipe.read(folder.resolve("none.yaml"), List.of()),
        "no such recipe");
  }
}
