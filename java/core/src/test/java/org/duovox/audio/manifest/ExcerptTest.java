package org.duovox.audio.manifest;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.TestWav;
import org.duovox.audio.decode.AudioDecoder;
import org.duovox.audio.decode.FlacDecoder;
import org.duovox.audio.decode.WavDecoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Utterances that are parts of files: exactly their samples, ids that differ, nothing read past.
class ExcerptTest {
  private static final int RATE = 16_000;

  @TempDir Path folder;
  private final AudioLoader loader = new AudioLoader(List.of(new WavDecoder(), new FlacDecoder()));
  private int[] values;

  @BeforeEach
  void write() throws IOException {
    values = new Random(7).ints(3 * RATE, -32768, 32768).toArray();
    new TestWav().pcm16(values).write(folder.resolve("a.wav"));
  }

  private List<Utterance> read(String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve("m.jsonl"), String.join("\n", lines) + "\n");
    return Manifest.read(file).utterances();
  }

  private float[] samples(String keys) throws IOException {
    Utterance utterance = read("{\"audio_filepath\": \"a.wav\", " + keys + "}").getFirst();
    float[] whole = loader.load(utterance).samples();
    float[] streamed = new float[whole.length];
    int[] at = {0};
    loader.stream(
        utterance,
        piece -> {
          System.arraycopy(piece, 0, streamed, at[0], piece.length);
          at[0] += piece.length;
        });
    assertArrayEquals(whole, streamed);
    return whole;
  }

  private float[] part(int from, int to) {
    float[] part = new float[to - from];
    for (int i = from; i < to; i++) {
      part[i - from] = values[i] / 32768f;
    }
    return part;
  }

  @ParameterizedTest
  @CsvSource({
    "'\"offset\": 0.5, \"duration\": 1.25', 8000, 28000",
    "'\"offset\": 0, \"duration\": 1', 0, 16000",
    "'\"offset\": 2.9999375', 47999, 48000",
    "'\"offset\": 1.1', 17600, 48000",
    "'\"offset\": \"0.25\", \"duration\": \"0.1\"', 4000, 5600",
    "'\"offset\": 0.00003125, \"duration\": 0.00009375', 1, 3",
    "'\"duration\": 0.75', 0, 12000",
    "'\"duration\": 1', 0, 16000",
    "'\"offset\": null, \"duration\": null', 0, 48000",
    "'\"offset\": 1, \"duration\": 2.0001', 16000, 48000",
    // A whole file whose length the manifest rounded.
    "'\"duration\": 3', 0, 48000",
    "'\"duration\": 3.0004', 0, 48000",
    "'\"duration\": 3.1', 0, 48000",
    "'\"duration\": 2.9996', 0, 47994",
    "'\"duration\": 2.99999', 0, 48000",
    "'\"text\": \"hello\", \"speaker\": 5', 0, 48000",
    "'\"sampling_rate\": 16000, \"channels\": 1, \"channel\": 0', 0, 48000"
  })
  void exactlyTheSamplesOfTheExcerpt(String keys, int from, int to) throws IOException {
    float[] read = from + 1 == to ? new float[0] : samples(keys);
    if (from + 1 == to) {
      assertFails(Kind.BAD_DATA, () -> samples(keys), "only 1 sample");
    } else {
      assertArrayEquals(part(from, to), read);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"offset\": 3, \"duration\": 1",
        "\"offset\": 9, \"duration\": 1",
        "\"offset\": 3.5",
        "\"offset\": 2.5, \"duration\": 0.75",
        "\"duration\": 3.101",
        "\"offset\": 0, \"duration\": 3.0004",
        "\"channel\": 1",
        "\"channels\": 2",
        "\"sampling_rate\": 44100"
      })
  void whatTheFileDoesNotHaveMakesTheUtteranceUnusable(String keys) throws IOException {
    Utterance utterance = read("{\"audio_filepath\": \"a.wav\", " + keys + "}").getFirst();
    assertFails(Kind.BAD_DATA, () -> loader.load(utterance), "a.wav");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"offset\": -0.5",
        "\"offset\": NaN",
        "\"offset\": \"NaN\"",
        "\"offset\": 1e400",
        "\"offset\": [1]",
        "\"offset\": true",
        "\"offset\": \"half a second\"",
        "\"duration\": 0",
        "\"duration\": -1",
        "\"duration\": Infinity",
        "\"channel\": -1",
        "\"channel\": 0.5",
        "\"channel\": [0, 1]",
        "\"channels\": [1]",
        "\"sampling_rate\": 0",
        "\"start\": 1, \"end\": 2",
        "\"end\": 2",
        "\"start_time\": 1.5",
        "\"frame_offset\": 100",
        "\"supervisions\": []",
        "\"recording\": {\"id\": \"a\"}",
        "\"channel_selector\": 1",
        "\"Start\": 1.5",
        "\"startTime\": 1.5",
        "\"START-TIME\": \"1.5\"",
        "\"start\": \"0:01:30\"",
        "\"segment\": [0, 1]",
        "\"segment_start\": 1",
        "\"timestamps\": [[0, 1], [2, 3]]",
        "\"timestamp\": {\"begin\": 0, \"to\": 1}",
        "\"from\": 1",
        "\"to\": 1",
        "\"seek\": 1",
        "\"tmin\": 1",
        "\"t1\": 1",
        "\"onset_s\": 1",
        "\"Offset\": 1",
        "\"Duration\": 1",
        "\"Channel\": 1",
        "\"channelId\": 1",
        "\"offset\": 0, \"num_frames\": 100",
        "\"offset\": 0, \"numSamples\": 100",
        "\"speed\": 1.1",
        "\"tempo\": 0.9"
      })
  void whatCannotBeHonoredIsRefusedWithItsLine(String keys) {
    String ok = "{\"audio\": \"a.wav\", \"id\": \"ok\"}";
    assertFails(Kind.BAD_DATA, () -> read(ok, "{\"audio\": \"a.wav\", " + keys + "}"), "m.jsonl:2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"from\": \"the radio\"",
        "\"to\": \"2nd speaker\"",
        "\"segment\": \"intro\"",
        "\"segments\": []",
        "\"start\": null",
        "\"frames\": 48000",
        "\"num_samples\": 48000",
        "\"end\": [\"a\", 1]"
      })
  void labelsAndLengthsOfSuchNamesAreNotRefused(String keys) throws IOException {
    Utterance utterance = read("{\"audio\": \"a.wav\", " + keys + "}").getFirst();
    assertEquals(48_000, loader.load(utterance).samples().length);
  }

  private void named(String word, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("n.jsonl"), text);
    assertFails(Kind.BAD_DATA, () -> Manifest.read(file), "n.jsonl:1", word);
  }

  @Test
  void commonMistakesAreNamed() throws IOException {
    named("JSON array", "[{\"audio\": \"a.wav\"}]\n");
    named("JSON array", "[\n{\"audio\": \"a.wav\"}\n]\n");
    named("has no NaN", "{\"audio\": \"a.wav\", \"offset\": NaN}\n");
    named("no infinite", "{\"audio\": \"a.wav\", \"score\": Infinity}\n");
    named("no infinite", "{\"audio\": \"a.wav\", \"score\": -Infinity}\n");
    named("'audio' is an object", "{\"audio\": {\"path\": \"a.wav\"}}\n");
    named("carriage return", "{\"audio\": \"a.wav\"}\r{\"audio\": \"b.wav\"}\r");
    Path tsv = Files.writeString(folder.resolve("n.tsv"), folder + "\na.wav 48000\n");
    assertFails(
        Kind.BAD_DATA, () -> Manifest.read(tsv), "n.tsv:2", "no TAB between path and number");
  }

  @Test
  void theFormsOfOtherToolsAreNamed() {
    assertFails(
        Kind.BAD_DATA,
        () -> read("{\"id\": \"c\", \"start\": 1, \"duration\": 2, \"recording\": {}}"),
        "m.jsonl:1",
        "lhotse");
    assertFails(
        Kind.BAD_DATA, () -> read("{\"audio\": \"a.wav:100:2000\"}"), "m.jsonl:1", "fairseq");
  }

  @Test
  void idsOfExcerptsDiffer() throws IOException {
    List<String> ids =
        read(
                "{\"audio_filepath\": \"a.wav\", \"offset\": 0, \"duration\": 1.0}",
                "{\"audio_filepath\": \"a.wav\", \"offset\": 1, \"duration\": 1.0}",
                "{\"audio_filepath\": \"a.wav\", \"offset\": 1, \"duration\": 0.50}",
                "{\"audio_filepath\": \"a.wav\", \"offset\": 2.5}",
                "{\"audio_filepath\": \"a.wav\", \"channel\": 0}",
                "{\"audio_filepath\": \"a.wav\", \"duration\": 3.0}",
                "{\"audio_filepath\": \"a.wav\", \"offset\": 1, \"utt_id\": \"u7\"}",
                "{\"file_name\": \"a.wav\", \"offset\": 1, \"id\": \"i8\"}")
            .stream()
            .map(Utterance::id)
            .toList();
    assertEquals(List.of("a@0-1", "a@1-2", "a@1-1.5", "a@2.5", "a@ch0", "a", "u7", "i8"), ids);
    String same = "{\"audio_filepath\": \"a.wav\", \"offset\": 1}";
    assertFails(Kind.BAD_DATA, () -> read(same, same), "a@1");
  }

  @Test
  void theExcerptIsCutOutBeforeItIsResampled() throws IOException {
    int[] noise = new Random(3).ints(2 * 44_100 * 2, -32768, 32768).toArray();
    TestWav wav = TestWav.of(1, 16, 2, 44_100);
    wav.pcm16(noise).write(folder.resolve("b.wav"));
    Path alone =
        TestWav.of(1, 16, 2, 44_100)
            .pcm16(Arrays.copyOfRange(noise, 2 * 11_025, 2 * 55_125))
            .write(folder.resolve("alone.wav"));
    Utterance both = read("{\"audio\": \"b.wav\", \"offset\": 0.25, \"duration\": 1}").getFirst();
    assertArrayEquals(loader.load(alone).samples(), loader.load(both).samples());
    int[] right = new int[44_100];
    Arrays.setAll(right, i -> noise[2 * (11_025 + i) + 1]);
    Path one = TestWav.of(1, 16, 1, 44_100).pcm16(right).write(folder.resolve("one.wav"));
    Utterance channel =
        read("{\"audio\": \"b.wav\", \"offset\": 0.25, \"duration\": 1, \"channel\": 1}")
            .getFirst();
    assertArrayEquals(loader.load(one).samples(), loader.load(channel).samples());
  }

  /// Decoders that cannot skip give the same as the one that can.
  @Test
  void aDecoderThatReadsFromTheStartGivesTheSame() throws IOException {
    AudioDecoder plain =
        new AudioDecoder() {
          @Override
          public boolean accepts(Path file, byte[] head) {
            return true;
          }

          @Override
          public void decode(Path file, byte[] head, AudioDecoder.Sink sink) {
            sink.format(RATE, 1);
            for (int at = 0; at < values.length; at += 777) {
              int n = Math.min(777, values.length - at);
              sink.frames(part(at, at + n), n);
            }
          }
        };
    AudioLoader slow = new AudioLoader(List.of(plain));
    for (String keys :
        List.of("\"offset\": 0.7, \"duration\": 1.1", "\"offset\": 2.2", "\"duration\": 2.97")) {
      Utterance utterance = read("{\"audio\": \"a.wav\", " + keys + "}").getFirst();
      assertArrayEquals(loader.load(utterance).samples(), slow.load(utterance).samples());
    }
  }

  @Test
  void theLimitOnDurationIsThatOfTheExcerpt() throws IOException {
    AudioLoader strict =
        new AudioLoader(List.of(new WavDecoder()), java.time.Duration.ofSeconds(1));
    Utterance fits = read("{\"audio\": \"a.wav\", \"offset\": 1.5, \"duration\": 1}").getFirst();
    assertEquals(RATE, strict.load(fits).samples().length);
    Utterance longer = read("{\"audio\": \"a.wav\", \"offset\": 0.5}").getFirst();
    assertFails(Kind.BAD_DATA, () -> strict.load(longer), "a.wav from 0.5 s", "longer than 1 s");
  }
}
