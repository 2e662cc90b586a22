package org.duovox.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.WavWriter;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.extract.Extraction;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.speech.features.FeatureSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCodebookTest {
  @Test
  void goWithTheFeaturesThatAreCodes(@TempDir Path folder) throws IOException {
    TinyCheckpoint checkpoint = new TinyCheckpoint();
    checkpoint.write(folder.resolve("encoder"));
    Path wav = folder.resolve("a.wav");
    WavWriter.writeFloat(wav, new Audio(new float[4000], 16_000));
    Path out = folder.resolve("features");
    try (Encoder encoder = Encoders.open(folder.resolve("encoder").toString(), 1)) {
      new Extraction(
              UtteranceLoader.files(AudioLoader.standard()),
              encoder,
              ExtractionOptions.of(encoder.select("codes,conv")),
              ExtractionListener.NONE)
          .writeFeatures(Manifest.of(List.of(wav), PathRules.STRICT), out);
    }
    try (FeatureSet set = FeatureSet.open(out)) {
      FeatureCodebook vectors = set.codebook("codes").orElseThrow();
      assertEquals(List.of(2, 5, 3), List.of(vectors.groups(), vectors.codes(), vectors.width()));
      assertArrayEquals(checkpoint.values.get("quantizer.codevectors"), vectors.vectors());
      assertTrue(set.codebook("conv").isEmpty());
      Files.writeString(out.resolve(FeatureCodebook.fileName("codes")), "junk");
      assertThrows(DuovoxException.class, () -> set.codebook("codes"));
    }
  }
}
