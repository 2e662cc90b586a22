package org.duovox.units.sets;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.WavWriter;
import org.duovox.audio.decode.WavDecoder;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.encoders.LogMelEncoder;
import org.duovox.speech.extract.Extraction;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.units.Codebook;
import org.duovox.units.StoredFeatures;
import org.duovox.units.StreamInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitExtractionTest {
  private static final AudioLoader LOADER = new AudioLoader(List.of(new WavDecoder()));

  @TempDir Path root;
  private final List<Utterance> utterances = new ArrayList<>();
  private final Random random = new Random(4);

  @BeforeEach
  void writeAudio() throws IOException {
    for (int i = 0; i < 15; i++) {
      float[] samples = new float[i == 7 ? 50_000 : 3000 + random.nextInt(9000)];
      for (int k = 0; k < samples.length; k++) {
        samples[k] = (float) (Math.sin(k * 0.05 * (1 + i % 5)) / 4 + random.nextGaussian() / 50);
      }
      Path file = root.resolve("audio/" + i + ".wav");
      WavWriter.writeFloat(file, new Audio(samples, 16_000));
      utterances.add(new Utterance("u" + i, file, OptionalLong.empty(), Map.of("k", "v" + i)));
    }
    Files.writeString(utterances.get(3).audio(), "no audio");
  }

  private static Codebook codebook(StreamInfo stream, int width) {
    Random values = new Random(2);
    float[] centroids = new float[7 * width];
    for (int i = 0; i < centroids.length; i++) {
      centroids[i] = (float) (-6 + 3 * values.nextGaussian());
    }
    return new Codebook(centroids, 7, stream, Map.of());
  }

  private Map<String, UnitSet> direct(
      LogMelEncoder encoder, ExtractionOptions options, Codebook codebook) {
    return UnitExtraction.run(
        new Manifest(utterances, "test"),
        UtteranceLoader.files(LOADER),
        encoder,
        options,
        Map.of("logmel", codebook),
        root.resolve("direct"),
        ExtractionListener.NONE);
  }

  private static StreamInfo stream(LogMelEncoder encoder, String layer) {
    return new StreamInfo(encoder.name(), layer, "", encoder.normalization(), "whole", 10, 12.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void theUnitsAreThoseOfTheTwoSteps(double segment) throws IOException {
    try (LogMelEncoder encoder = new LogMelEncoder(3)) {
      ExtractionOptions options = ExtractionOptions.of(encoder.layers()).withMaxSegment(segment);
      new Extraction(UtteranceLoader.files(LOADER), encoder, options, ExtractionListener.NONE)
          .writeFeatures(new Manifest(utterances, "test"), root.resolve("features"));
      Codebook codebook;
      try (StoredFeatures features = StoredFeatures.open(root.resolve("features"), "logmel")) {
        codebook = codebook(features.stream(), features.width());
        Quantizer.quantize(features, codebook, root.resolve("steps"), done -> {});
      }
      UnitSet units = direct(encoder, options, codebook).get("logmel");
      assertEquals(14, units.utterances().size());
      assertTrue(units.countUnits().use().used() > 2, Arrays.toString(units.countUnits().counts()));
    }
    try (Stream<Path> files = Files.list(root.resolve("steps"))) {
      for (Path file : files.toList()) {
        Path other = root.resolve("direct/logmel").resolve(file.getFileName());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
      }
    }
    assertArrayEquals(
        Files.readAllBytes(root.resolve("features/errors.jsonl")),
        Files.readAllBytes(root.resolve("direct/errors.jsonl")));
  }

  @Test
  void aCodebookOfOtherFeaturesIsRefusedAndLeavesNothing() {
    try (LogMelEncoder encoder = new LogMelEncoder(1)) {
      ExtractionOptions options = ExtractionOptions.of(encoder.layers());
      assertFails(
          Kind.BAD_DATA,
          () -> direct(encoder, options, codebook(stream(encoder, "other"), 80)),
          "layer logmel",
          "other");
      assertFails(
          Kind.BAD_DATA,
          () -> direct(encoder, options, codebook(stream(encoder, "logmel"), 79)),
          "79 values",
          "80");
      ExtractionOptions strict = new ExtractionOptions(encoder.layers(), 0, 1 << 20);
      assertFails(
          Kind.BAD_DATA,
          () -> direct(encoder, strict, codebook(stream(encoder, "logmel"), 80)),
          "1 of 15");
    }
    assertFalse(Files.exists(root.resolve("direct")));
  }
}
