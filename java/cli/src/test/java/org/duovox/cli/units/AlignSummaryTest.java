package org.duovox.cli.units;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.duovox.io.json.Json;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.CorpusManifest;
import org.junit.jupiter.api.Test;

/// Tests the JSON of `duovox align`, whose keys are read by others.
class AlignSummaryTest {
  @Test
  void jsonIsFlatAndInOrder() {
    CorpusManifest.Draft draft = new CorpusManifest.Draft();
    draft.contextual = stream("coarse", 30);
    draft.phonetic = stream("fine", 120);
    draft.align = AlignConfig.defaults();
    draft.tokens = 20;
    draft.phoneticUnits = 50;
    draft.seconds = 2.5;
    draft.framesBefore = 1;
    draft.framesAfter = 2;
    draft.framesCut = 3;
    draft.tokensWithoutPhonetic = 4;
    draft.skipped = List.of(new CorpusManifest.Skipped("a", "is short"));
    AlignSummary summary =
        AlignSummary.of(Path.of("corpus"), 9, draft.finish(), false, Path.of("plot.svg"));
    assertEquals(
        """
        {"out":"corpus","utterances":9,"seconds":2.5,\
        "frames":30,"tokens":20,"frames_per_token":1.5,\
        "phonetic_frames":120,"phonetic_units":50,"phonetic_per_token":2.5,\
        "edges":"time","frames_before":1,"frames_after":2,"frames_cut":3,\
        "tokens_without_phonetic":4,"skipped":[{"id":"a","reason":"is short"}],\
        "reused":false,"plot":"plot.svg"}\
        """,
        Json.line(summary).strip());
  }

  private static CorpusManifest.Stream stream(String layer, long frames) {
    StreamInfo origin = new StreamInfo("e", layer, "", "", "", 20, 0);
    return new CorpusManifest.Stream(origin, 8, "", frames, "");
  }
}
