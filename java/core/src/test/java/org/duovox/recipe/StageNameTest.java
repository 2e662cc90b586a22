package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.StageName.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of stages are printed and read in one place.
class StageNameTest {
  private static final Fold FOLD = new Fold("speaker=a-b", "speaker", null, "a-b");

  @Test
  void namesAreWorkFoldAndSystem() {
    assertEquals("features-words", StageName.of(Type.WORD_FEATURES).toString());
    assertEquals("units-speaker_a-b", StageName.of(Type.UNITS, FOLD).toString());
    assertEquals(
        "pretrain-speaker_a-b-dual",
        StageName.of(Type.PRETRAIN, FOLD, ModelSystem.DUAL).toString());
  }

  @Test
  void everyNameIsReadBack() {
    for (Type type : Type.values()) {
      StageName name =
          switch (type) {
            case FEATURES, WORD_FEATURES, DEV_FEATURES, TEST_FEATURES -> StageName.of(type);
            case UNITS, CONTEXTUAL_CODES, PHONETIC_CODES, WORDS, DEV_UNITS, TEST_UNITS ->
                StageName.of(type, FOLD);
            case PRETRAIN, FINETUNE, PROBE, SSIMI, DEV_SCORES, WORD_SCORES ->
                StageName.of(type, FOLD, ModelSystem.CONTEXTUAL);
          };
      assertEquals(Optional.of(name), StageName.parse(name.toString()));
    }
  }

  @Test
  void aFoldMayBeCalledLikeASystem() {
    StageName name = StageName.parse("units-x-dual").orElseThrow();
    assertEquals("x-dual", name.fold());
    assertEquals(null, name.system());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "units", "features-", "pretrain-test", "pretrain-test-duel", "other"})
  void otherFoldersAreNoStages(String folder) {
    assertEquals(Optional.empty(), StageName.parse(folder));
  }
}
