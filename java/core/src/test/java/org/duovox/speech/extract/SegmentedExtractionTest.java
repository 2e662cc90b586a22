package org.duovox.speech.extract;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.WavWriter;
import org.duovox.audio.decode.WavDecoder;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.FakeEncoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.encoders.LogMelEncoder;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.speech.features.FrameDestination;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long utterances in segments, and utterances in batches.
class SegmentedExtractionTest {
  private static final AudioLoader LOADER = new AudioLoader(List.of(new WavDecoder()));
  private static final List<Layer> LAYERS = List.of(FakeEncoder.FINE, FakeEncoder.COARSE);

  @TempDir Path root;
  private final List<Utterance> utterances = new ArrayList<>();
  private final Random random = new Random(7);

  private float[] add(String id, int samples) {
    float[] values = new float[samples];
    for (int i = 0; i < samples; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    add(id, values);
    return values;
  }

  private void add(String id, float[] samples) {
    Path file = root.resolve("audio/" + utterances.size() + ".wav");
    WavWriter.writeFloat(file, new Audio(samples, 16_000));
    utterances.add(new Utterance(id, file, OptionalLong.empty(), Map.of()));
  }

  private FeatureManifest extract(Encoder encoder, ExtractionOptions options, String out) {
    return new Extraction(UtteranceLoader.files(LOADER), encoder, options, ExtractionListener.NONE)
        .writeFeatures(new Manifest(utterances, "test"), root.resolve(out));
  }

  private static ExtractionOptions options(double bad, long shard) {
    return new ExtractionOptions(LAYERS, bad, shard);
  }

  private void requireSameTensors(String one, String other) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(one))) {
      for (Path file : files.filter(f -> !f.endsWith("manifest.json")).toList()) {
        Path second = root.resolve(other).resolve(file.getFileName());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(second), file.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void segmentsOfALocalEncoderGiveTheBytesOfTheWhole(int parallelism) throws IOException {
    // Segments of 1,600 samples: every length around one, two and many of them.
    for (int length : new int[] {320, 1599, 1600, 1601, 1919, 1920, 3199, 3519, 3520, 40_000}) {
      for (int more : new int[] {-1, 0, 1}) {
        add("u" + length + "+" + more, Math.max(320, length + more));
      }
    }
    extract(new FakeEncoder(parallelism), options(0, 9000), "whole");
    FeatureManifest cut =
        extract(new FakeEncoder(parallelism), options(0, 9000).withMaxSegment(0.1001), "cut");
    requireSameTensors("whole", "cut");
    assertEquals("whole; segments of 0.1 s", cut.chunking());
  }

  @Test
  void segmentsOfLogMelAreTheWhole() {
    add("long", 5 * 16_000 + 77);
    Layer layer;
    try (LogMelEncoder logmel = new LogMelEncoder(2)) {
      layer = logmel.layers().getFirst();
      ExtractionOptions whole = ExtractionOptions.of(logmel.layers());
      assertEquals("whole", extract(logmel, whole, "whole").chunking());
      extract(logmel, whole.withMaxSegment(0.3), "cut");
    }
    try (FeatureSet whole = FeatureSet.open(root.resolve("whole"));
        FeatureSet cut = FeatureSet.open(root.resolve("cut"))) {
      assertArrayEquals(
          whole.read("long", layer.name()).values(),
          cut.read("long", layer.name()).values(),
          1e-4f);
    }
  }

  /// What the segments are that reach an encoder, and the limit that it brings itself.
  private static final class Recorder implements Encoder {
    private final Encoder inner = new FakeEncoder(1);
    private final List<float[]> seen = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public List<Layer> layers() {
      return inner.layers();
    }

    @Override
    public String weightsSha256() {
      return "";
    }

    @Override
    public String normalization() {
      return "";
    }

    @Override
    public int minimumSamples(Collection<String> layers) {
      return inner.minimumSamples(layers);
    }

    @Override
    public int maxSegmentSamples() {
      return 1000;
    }

    @Override
    public Map<String, Frames> encode(float[] samples, Collection<String> layers) {
      seen.add(samples);
      return inner.encode(samples, layers);
    }

    @Override
    public List<Map<String, Frames>> encodeAll(List<float[]> batch, Collection<String> layers) {
      batches.add(batch.size());
      return Encoder.super.encodeAll(batch, layers);
    }

    @Override
    public void close() {}
  }

  @Test
  void piecesCoverTheUtteranceWithTheirContext() {
    float[] audio = add("a", 960 * 3 + 319);
    add("b", 960 * 3 + 320);
    Recorder recorder = new Recorder();
    FeatureManifest manifest = extract(recorder, options(0, 1 << 20), "out");
    // The encoder's limit of 1,000 samples holds 3 frames of 320 and 6 of 160; the context is the
    // 320 samples that a fine frame wants less the 160 of its interval.
    List<Integer> lengths = recorder.seen.stream().map(s -> s.length).toList();
    assertEquals(List.of(1120, 1120, 1279, 1120, 1120, 1120, 320), lengths);
    assertEquals(audio[960 * 2], recorder.seen.get(2)[0]);
    assertEquals(audio[960 + 1119], recorder.seen.get(1)[1119]);
    assertEquals("whole; segments of 0.06 s", manifest.chunking());
    assertEquals(19L + 20L, manifest.frames().get("fine"));
  }

  @Test
  void aFaultInALaterSegmentLeavesNothingOfItsUtterance() throws IOException {
    add("first", 5000);
    float[] hot = new float[9000];
    hot[160 * 50] = 3; // The fake encoder makes NaN of it.
    add("hot", hot);
    add("torn", 30_000);
    byte[] torn = Files.readAllBytes(utterances.getLast().audio());
    Files.write(utterances.getLast().audio(), java.util.Arrays.copyOf(torn, 90_000));
    add("last", 5000);
    for (int parallelism : new int[] {1, 3}) {
      String out = "out" + parallelism;
      extract(new FakeEncoder(parallelism), options(0.5, 1 << 20).withMaxSegment(0.1), out);
      try (FeatureSet set = FeatureSet.open(root.resolve(out))) {
        set.verify();
        assertEquals(
            List.of("first", "last"), set.utterances().stream().map(FeatureEntry::id).toList());
        assertTrue(set.skipped().get(0).reason().contains("frame 50 of fine is not finite"));
        assertTrue(set.skipped().get(1).reason().contains("truncated"));
      }
    }
  }

  @Test
  void segmentsThatFitNoFrameAreRefused() {
    add("a", 5000);
    assertFails(
        Kind.BAD_CONFIG,
        () -> extract(new FakeEncoder(1), options(0, 1).withMaxSegment(0.01), "out"),
        "--max-segment",
        "multiples of 0.0200 s");
    assertFails(Kind.BAD_CONFIG, () -> options(0, 1).withMaxSegment(-2), "-2");
  }

  @Test
  void anIntervalThatIsNoWholeNumberOfSamplesIsCutAtWholeFrames() {
    Layer layer = new Layer("odd", 2, 10.03125, 0); // 160.5 samples.
    Segments segments = Segments.of(new FakeEncoder(1), List.of(layer), 1000);
    assertEquals(963, segments.length());
    assertEquals(6, segments.keep().get("odd"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void batchesGiveTheSameInTheOrderOfTheManifest(int parallelism) throws IOException {
    for (int i = 0; i < 60; i++) {
      add("u" + i, i == 30 ? 100 : 320 + 571 * (i * 7 % 13));
    }
    extract(new FakeEncoder(parallelism), options(0.5, 9000), "single");
    extract(new FakeEncoder(parallelism), options(0.5, 9000).withBatches(0.7), "batched");
    requireSameTensors("single", "batched");
    Recorder recorder = new Recorder();
    extract(recorder, options(0.5, 9000).withBatches(0.7).withMaxSegment(0), "recorded");
    requireSameTensors("single", "recorded");
    assertTrue(recorder.batches.stream().anyMatch(n -> n >= 8), recorder.batches.toString());
  }

  @Test
  void aFailureOfTheDiskEndsTheRun() {
    add("a", 5000);
    UtteranceLoader broken =
        utterance -> {
          throw new DuovoxException(Kind.IO, "no disk");
        };
    assertFails(
        Kind.IO,
        () ->
            new Extraction(broken, new FakeEncoder(2), options(1, 1), ExtractionListener.NONE)
                .writeFeatures(new Manifest(utterances, "test"), root.resolve("out")),
        "no disk");
  }

  /// Utterances that are parts of one long file give what files of their own give, whole and cut;
  /// one beyond its end is named and counted.
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void partsOfOneFileAreAsFilesOfTheirOwn(double segment) throws IOException {
    float[] values = new float[40_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    WavWriter.writeFloat(root.resolve("long.wav"), new Audio(values, 16_000));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      lines.append("{\"audio_filepath\": \"long.wav\", \"id\": \"p%d\"".formatted(i));
      lines.append(", \"offset\": %s, \"duration\": 0.5}\n".formatted(0.5 * i + 0.25));
      float[] part = java.util.Arrays.copyOfRange(values, 8000 * i + 4000, 8000 * i + 12_000);
      if (i < 4) {
        add("p" + i, part);
      }
    }
    Path jsonl = Files.writeString(root.resolve("m.jsonl"), lines);
    ExtractionOptions options = options(0.3, FeatureWriter.SHARD_BYTES).withMaxSegment(segment);
    extract(new FakeEncoder(2), options, "files");
    new Extraction(
            UtteranceLoader.files(LOADER), new FakeEncoder(2), options, ExtractionListener.NONE)
        .writeFeatures(Manifest.read(jsonl), root.resolve("parts"));
    try (FeatureSet files = FeatureSet.open(root.resolve("files"));
        FeatureSet parts = FeatureSet.open(root.resolve("parts"))) {
      assertEquals(4, parts.utterances().size());
      for (FeatureEntry entry : files.utterances()) {
        FeatureEntry part =
            parts.utterances().stream().filter(e -> e.id().equals(entry.id())).findFirst().get();
        assertEquals(entry.audioSha256(), part.audioSha256());
        assertEquals(files.read(entry.id(), "fine"), parts.read(entry.id(), "fine"));
      }
      assertEquals("p4", parts.skipped().getFirst().id());
      assertTrue(parts.skipped().getFirst().reason().contains("from 2.25 s to 2.75 s"));
    }
  }

  /// A destination that refuses an utterance leaves no reader that waits for ever.
  @Test
  void aRefusedUtteranceLeavesNoThread() {
    add("twice", 9000);
    FrameDestination<Object> refusing =
        new FrameDestination<>() {
          @Override
          public Object prepare(Map<String, Frames> frames) {
            return frames;
          }

          @Override
          public void begin(Utterance utterance) {
            throw DuovoxException.badData("two of this id");
          }

          @Override
          public void append(Object piece) {}

          @Override
          public void finish(AudioIdentity audio) {}

          @Override
          public void abandon() {}

          @Override
          public void skip(SkippedUtterance utterance) {}
        };
    ExtractionOptions options = options(1, FeatureWriter.SHARD_BYTES).withMaxSegment(0.1);
    assertFails(
        Kind.BAD_DATA,
        () ->
            new Extraction(
                    UtteranceLoader.files(LOADER),
                    new FakeEncoder(1),
                    options,
                    ExtractionListener.NONE)
                .run(new Manifest(utterances, "test"), refusing),
        "two of this id");
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("duovox-read")));
  }
}
