package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.duovox.io.tensors.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests `duovox import` and `duovox export` through the command line, and `duovox align` on their
/// output.
class ExchangeTest {
  @TempDir private Path folder;

  @Test
  void labelsGoInAndComeOutTheSame() throws IOException {
    labels("train", 50, 320, 80, 8);
    JsonNode json =
        Cli.ok(
                "import",
                folder.resolve("train.km"),
                "--tsv",
                folder.resolve("train.tsv"),
                "--encoder",
                "hubert",
                "--layer",
                "hidden_state_6",
                "--out",
                folder.resolve("units"),
                "--json")
            .json();
    assertEquals(8, json.path("utterances").asInt());
    assertEquals(20, json.path("interval_ms").asDouble());
    assertEquals(12.5, json.path("offset_ms").asDouble());
    assertEquals("", json.path("codebook_sha256").asString());
    Cli.ok("export", "--units", folder.resolve("units"), "--format", "fairseq", "--out", out("f"));
    for (String name : List.of("train.km", "train.tsv")) {
      assertEquals(
          Files.readString(folder.resolve(name)), Files.readString(out("f").resolve(name)));
    }
    for (String form : List.of("jsonl", "zerospeech", "gslm")) {
      Cli.ok("export", "--units", folder.resolve("units"), "--format", form, "--out", out(form));
      JsonNode back =
          Cli.ok(
                  "import",
                  "--format",
                  form,
                  out(form),
                  "--interval-ms",
                  20,
                  "--out",
                  out("back-" + form),
                  "--json")
              .json();
      assertEquals(json.path("units_sha256"), back.path("units_sha256"), form);
    }
    Cli.ok(
        "export",
        "--units",
        folder.resolve("units"),
        "--format",
        "jsonl",
        "--merge",
        "--out",
        out("m.jsonl"));
    assertTrue(Files.readString(out("m.jsonl")).contains("\"durations\":["));
  }

  @Test
  void importedSetsAreAlignedDrawnAndRefusedWhenTheyDoNotFit() throws IOException {
    labels("coarse", 100, 640, 0, 5);
    labels("fine", 50, 320, 0, 5);
    imported("coarse", "--interval-ms", 40);
    imported("fine", "--interval-ms", 20);
    Cli aligned =
        Cli.ok(
            "align",
            "--contextual",
            out("u-coarse"),
            "--phonetic",
            out("u-fine"),
            "--out",
            out("corpus"),
            "--edges",
            "prototype",
            "--plot",
            out("a.svg"),
            "--utterance",
            "dir/u3");
    assertTrue(aligned.out().contains("edges: 0 phonetic frames repeated"), aligned.out());
    assertTrue(Files.readString(out("a.svg")).contains("Alignment of dir/u3"));
    assertTrue(Files.readString(out("corpus").resolve("manifest.json")).contains("\"prototype\""));
    Cli.ok("align", "--corpus", out("corpus"), "--plot", out("b.png"));
    assertEquals((byte) 0x89, Files.readAllBytes(out("b.png"))[0]);
    Cli shifted =
        Cli.ok(
            "align",
            "--contextual",
            out("u-coarse"),
            "--phonetic",
            out("u-fine"),
            "--plot",
            out("c.svg"),
            "--shift-ms",
            -35,
            "--jitter-ms",
            5,
            "--seed",
            9,
            "--json");
    assertEquals("dir/u3", shifted.json().path("utterance").asString());
    assertTrue(Files.readString(out("c.svg")).contains("phonetic stream moved by -3"));
    refused(2, "goes with --plot", "--corpus", out("corpus"), "--out", out("x"));
    refused(65, "has no utterance 'nobody'", sets("--plot", out("x.svg"), "--utterance", "nobody"));
    refused(2, ".svg or .png", sets("--plot", out("x.jpg")));
    refused(78, "knows no times", sets("--out", out("x"), "--edges", "prototype", "--shift-ms", 5));
    assertFalse(Files.exists(out("x")));
  }

  @Test
  void featuresGoInAndOut() throws IOException {
    Path arrays = folder.resolve("arrays");
    for (int u = 0; u < 3; u++) {
      float[] values = new float[4 * (u + 2)];
      values[0] = u;
      NpyFile.write(arrays.resolve("s/u" + u + ".npy"), new long[] {u + 2, 4}, values);
    }
    Cli.ok("import", arrays, "--interval-ms", 20, "--layer", "l9", "--out", out("features"));
    Cli.ok(
        "export",
        "--features",
        out("features"),
        "--format",
        "fairseq",
        "--shards",
        2,
        "--split",
        "dev",
        "--out",
        out("shards"));
    JsonNode back =
        Cli.ok(
                "import",
                "--format",
                "fairseq",
                out("shards").resolve("dev_0_2.npy"),
                out("shards").resolve("dev_1_2.npy"),
                "--tsv",
                out("shards").resolve("dev.tsv"),
                "--encoder",
                "wavlm",
                "--out",
                out("back"),
                "--json")
            .json();
    assertEquals(3, back.path("utterances").asInt());
    assertEquals(9, back.path("frames").asInt());
    Cli.ok("export", "--features", out("back"), "--format", "npy", "--out", out("again"));
    assertEquals(-1, Files.mismatch(arrays.resolve("s/u2.npy"), out("again").resolve("s/u2.npy")));
  }

  @Test
  void questionsThatAFileCannotAnswerAreAsked() throws IOException {
    labels("train", 50, 320, 80, 2);
    Path km = folder.resolve("train.km");
    Path tsv = folder.resolve("train.tsv");
    expect(2, "--interval-ms", Cli.run("import", km, "--tsv", tsv, "--out", out("o")));
    expect(2, "give --tsv FILE", Cli.run("import", km, "--encoder", "cpc", "--out", out("o")));
    expect(2, "Name its format", Cli.run("import", tsv, "--interval-ms", 20, "--out", out("o")));
    expect(
        2,
        "one of --units, --features and --model",
        Cli.run("export", "--format", "gslm", "--out", out("o")));
    expect(66, "gone", Cli.run("import", "gone.jsonl", "--interval-ms", 20, "--out", out("o")));
    expect(
        65,
        "train.km:1: 'dir/u0' has",
        Cli.run("import", km, "--tsv", tsv, "--encoder", "cpc", "--out", out("o")));
    Files.writeString(km, Files.readString(km) + "1 2 banana\n");
    Files.writeString(tsv, Files.readString(tsv) + "dir/last.wav\t1200\n");
    expect(
        65,
        "train.km:3: unit 2 is 'banana'",
        Cli.run("import", km, "--tsv", tsv, "--encoder", "hubert", "--out", out("o")));
    assertFalse(Files.exists(out("o")));
  }

  private Object[] sets(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("--contextual", out("u-coarse"), "--phonetic", out("u-fine")));
    words.addAll(List.of(more));
    return words.toArray();
  }

  private void refused(int code, String message, Object... words) {
    List<Object> all = new ArrayList<>(List.of("align"));
    all.addAll(List.of(words));
    expect(code, message, Cli.run(all.toArray()));
  }

  private static void expect(int code, String message, Cli result) {
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().contains(message), result.err());
  }

  private void imported(String name, Object... times) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "import",
                folder.resolve(name + ".km"),
                "--tsv",
                folder.resolve(name + ".tsv"),
                "--out",
                out("u-" + name)));
    words.addAll(List.of(times));
    Cli.ok(words.toArray());
  }

  private Path out(String name) {
    return folder.resolve("out").resolve(name);
  }

  /// Writes a `.tsv` and a `.km` of random units below 30; utterance u has 20 + 10 u frames of 640
  /// samples.
  private void labels(String name, int vocabulary, int hop, int extra, int utterances)
      throws IOException {
    Random random = new Random(vocabulary);
    StringBuilder tsv = new StringBuilder("/data\n");
    StringBuilder km = new StringBuilder();
    for (int u = 0; u < utterances; u++) {
      long samples = (20 + 10L * u) * 640 + extra;
      tsv.append("dir/u%d.flac\t%d\n".formatted(u, samples));
      List<String> units = new ArrayList<>();
      for (long at = extra; at + hop <= samples; at += hop) {
        units.add(Integer.toString(random.nextInt(30)));
      }
      km.append(String.join(" ", units)).append('\n');
    }
    Files.writeString(folder.resolve(name + ".tsv"), tsv);
    Files.writeString(folder.resolve(name + ".km"), km);
  }
}
