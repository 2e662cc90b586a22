package org.duovox.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.PathRules;
import org.duovox.io.TextLines.End;
import org.duovox.io.tensors.NpyFile;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NpyFeaturesTest {
  private static final NpyFeatures.Origin ORIGIN = new NpyFeatures.Origin("hubert", "l6", 20, 12.5);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void shardsComeBackWithTheSameBits(int shards) throws IOException {
    Path features = features(11);
    Path out = folder.resolve("npy");
    try (FeatureLayer layer = StoredFeatures.open(features, null)) {
      new FeatureExport(layer, "dev", "/data", ".flac").shards(out, shards);
    }
    List<Path> files = new ArrayList<>();
    for (int rank = shards - 1; rank >= 0; rank--) {
      files.add(out.resolve("dev_%d_%d.npy".formatted(rank, shards)));
    }
    FairseqTsv tsv = FairseqTsv.read(out.resolve("dev.tsv"), End.EXPECTED, PathRules.STRICT);
    NpyFeatures.shards(files, tsv, End.EXPECTED, ORIGIN, folder.resolve("back"));
    assertSame(features, folder.resolve("back"));
  }

  @Test
  void aFilePerUtteranceComesBackWithTheSameBits() {
    Path features = features(11);
    Path out = folder.resolve("npy");
    try (FeatureLayer layer = StoredFeatures.open(features, null)) {
      new FeatureExport(layer, "dev", ".", ".wav").folder(out);
    }
    FairseqTsv tsv = FairseqTsv.read(out.resolve("dev.tsv"), End.EXPECTED, PathRules.STRICT);
    NpyFeatures.folder(out, tsv.lengths(), ORIGIN, folder.resolve("back"));
    assertSame(features, folder.resolve("back"));
    try (NpyFile one = NpyFile.open(out.resolve("dir1/u10.npy"))) {
      assertArrayEquals(new long[] {12, 5}, one.shape());
    }
  }

  @Test
  void countsThatDoNotFitAreRefused() throws IOException {
    Path out = folder.resolve("npy");
    try (FeatureLayer layer = StoredFeatures.open(features(4), null)) {
      new FeatureExport(layer, "dev", ".", ".wav").shards(out, 1);
    }
    Path npy = out.resolve("dev_0_1.npy");
    FairseqTsv tsv = FairseqTsv.read(out.resolve("dev.tsv"), End.EXPECTED, PathRules.STRICT);
    Path len = out.resolve("dev_0_1.len");
    String good = Files.readString(len);
    refused("dev_0_1.len accounts for 5", "2\n3\n", npy, tsv);
    refused("dev_0_1.len:4", good.replaceAll("5\n$", "6\n"), npy, tsv);
    refused("dev_0_1.len:5", good + "1\n", npy, tsv);
    refused("'x' is", good.replaceAll("5\n$", "x\n").replace("x", "'x' is"), npy, tsv);
    Files.writeString(len, good);
    FairseqTsv longer =
        new FairseqTsv(
            ".",
            java.util.stream.Stream.concat(
                    tsv.rows().stream(),
                    java.util.stream.Stream.of(new FairseqTsv.Row("more", "more.wav", 1, "x:9")))
                .toList(),
            "x.tsv");
    DuovoxException missing =
        assertThrows(
            DuovoxException.class,
            () ->
                NpyFeatures.shards(
                    List.of(npy), longer, End.EXPECTED, ORIGIN, folder.resolve("bad")));
    assertTrue(missing.getMessage().contains("'more'"), missing.getMessage());
    Path second = Files.copy(npy, out.resolve("dev_1_3.npy"));
    DuovoxException rank =
        assertThrows(
            DuovoxException.class,
            () ->
                NpyFeatures.shards(
                    List.of(npy, second), tsv, End.EXPECTED, ORIGIN, folder.resolve("bad")));
    assertTrue(rank.getMessage().contains("2 shards were given"), rank.getMessage());
  }

  @Test
  void valuesThatAreNotFiniteAndOtherShapesAreRefused() {
    Path out = folder.resolve("npy");
    NpyFile.write(out.resolve("a.npy"), new long[] {2, 2}, new float[] {1, 2, Float.NaN, 4});
    DuovoxException nan =
        assertThrows(
            DuovoxException.class,
            () -> NpyFeatures.folder(out, Map.of(), ORIGIN, folder.resolve("bad")));
    assertTrue(nan.getMessage().contains("a.npy: frame 1"), nan.getMessage());
    NpyFile.write(out.resolve("a.npy"), new long[] {4}, new float[4]);
    assertThrows(
        DuovoxException.class,
        () -> NpyFeatures.folder(out, Map.of(), ORIGIN, folder.resolve("bad")));
    NpyFile.write(out.resolve("a.npy"), new long[] {2, 2}, new float[4]);
    NpyFile.write(out.resolve("b.npy"), new long[] {2, 3}, new float[6]);
    DuovoxException width =
        assertThrows(
            DuovoxException.class,
            () -> NpyFeatures.folder(out, Map.of(), ORIGIN, folder.resolve("bad")));
    assertTrue(width.getMessage().contains("b.npy"), width.getMessage());
    assertFalse(Files.exists(folder.resolve("bad")));
  }

  private void refused(String message, String len, Path npy, FairseqTsv tsv) throws IOException {
    Files.writeString(npy.resolveSibling("dev_0_1.len"), len);
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () ->
                NpyFeatures.shards(List.of(npy), tsv, End.EXPECTED, ORIGIN, folder.resolve("bad")));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /// Utterances of 2, 3, 4, ... frames.
  private Path features(int utterances) {
    Path target = folder.resolve("features");
    Random random = new Random(utterances);
    try (FeatureWriter writer =
        new FeatureWriter(
            target,
            new FeatureProvenance("hubert", "", "", "imported", Map.of()),
            List.of(new Layer("l6", 5, 20, 12.5)))) {
      for (int u = 0; u < utterances; u++) {
        float[] values = new float[(u + 2) * 5];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        String id = "dir%d/u%02d".formatted(u * 2 / Math.max(11, utterances), u);
        writer.add(id, 320L * (u + 2), Map.of(), Map.of("l6", new Frames(values, u + 2, 5)));
      }
      writer.commit();
    }
    return target;
  }

  private static void assertSame(Path expected, Path found) {
    try (FeatureLayer a = StoredFeatures.open(expected, null);
        FeatureLayer b = StoredFeatures.open(found, null)) {
      assertEquals(a.stream(), b.stream());
      assertEquals(a.utterances().size(), b.utterances().size());
      for (int i = 0; i < a.utterances().size(); i++) {
        assertEquals(a.utterances().get(i).id(), b.utterances().get(i).id());
        assertEquals(a.utterances().get(i).samples(), b.utterances().get(i).samples());
        assertArrayEquals(a.read(i), b.read(i));
      }
    }
  }
}
