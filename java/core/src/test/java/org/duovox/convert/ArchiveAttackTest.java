package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives and compressed files that are bombs, lead elsewhere or are damaged.
class ArchiveAttackTest {
  @TempDir Path folder;

  private void refused(byte[] content, String... parts) {
    Path file = Checkpoints.write(folder, "a.pt", content);
    Path out = folder.resolve("out");
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convertGeneric(file, out), "a.pt");
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convertGeneric(file, out), parts);
    assertFalse(Files.exists(out));
  }

  private static Map<String, byte[]> entries(String extra) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/data.pkl", PickleBytes.protocol(2).floats("0", 3).end());
    entries.put("a/data/0", new byte[12]);
    entries.put(extra, new byte[12]);
    return entries;
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/etc/x", "a\\x", "C:x", ".."})
  void namesThatLeadOut(String name) {
    refused(Checkpoints.archive(entries(name), true), "leads out of a folder");
    assertFalse(Files.exists(folder.resolveSibling("x")));
  }

  @Test
  void twoEntriesOfOneName() {
    byte[] archive = Checkpoints.archive(entries("a/data/1"), true);
    byte[] changed =
        new String(archive, StandardCharsets.ISO_8859_1)
            .replace("a/data/1", "a/data/0")
            .getBytes(StandardCharsets.ISO_8859_1);
    refused(changed, "two entries");
  }

  @Test
  void archivesOfOtherKinds() {
    refused(Checkpoints.archive(Map.of("readme.txt", new byte[3]), true), "not one of PyTorch");
    refused(Checkpoints.archive(entries("b/data.pkl"), true), "not one of PyTorch");
    refused(Checkpoints.archive(entries("a/code/__torch__.py"), true), "TorchScript");
    refused(Checkpoints.archive(Map.of(), true));
    Map<String, byte[]> order = entries("a/byteorder");
    refused(Checkpoints.archive(order, true), "byte order");
  }

  @Test
  void bombs() throws Exception {
    byte[] zeros = new byte[100 << 20];
    refused(Checkpoints.archive(Map.of("a/data.pkl", zeros), false), "unpacks from");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(zeros);
    }
    refused(packed.toByteArray(), "unpacks to more than");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count(), "nothing that was unpacked is left");
    }
  }

  @Test
  void moreThanWasAllowed() {
    Path file = Checkpoints.write(folder, "a.pt", Checkpoints.archive(entries("a/data/1"), true));
    ConvertRequest small =
        new ConvertRequest(
            file, folder.resolve("o"), true, 20, Optional.empty(), OptionalInt.empty());
    assertFails(Kind.BAD_DATA, () -> Converter.convert(small), "--max-bytes");
  }

  @Test
  void otherCompressions() {
    refused("BZh91AY&SY".getBytes(StandardCharsets.ISO_8859_1), "bzip2", "joblib.dump");
    refused("\u00fd7zXZ\0\0\4".getBytes(StandardCharsets.ISO_8859_1), "xz");
    refused("\u005d\0\0\u0080\0".getBytes(StandardCharsets.ISO_8859_1), "xz");
    refused("\u0004\"M\u0018dp".getBytes(StandardCharsets.ISO_8859_1), "lz4");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    refused(tar, "tar archive");
    refused(new byte[0], "empty");
    refused("<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII), "web page");
  }

  private static Stream<byte[]> whole() throws Exception {
    byte[] pickle = PickleBytes.protocol(2).ops("}").text("a").floats("0", 2, 3).ops("s").end();
    Map<String, byte[]> storages = Map.of("0", Checkpoints.counting(6));
    byte[] joblib = Checkpoints.joblib(Checkpoints.counting(6), "f4", 2, 3, 5);
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(zlib)) {
      deflater.write(joblib);
    }
    return Stream.of(
        Checkpoints.zip(pickle, storages),
        Checkpoints.old(pickle, true, storages, 4),
        joblib,
        zlib.toByteArray());
  }

  /// A file that ends at any byte is an error, of one kind.
  @Test
  void truncationAtEveryByte() throws Exception {
    for (byte[] file : whole().toList()) {
      for (int length = 0; length < file.length; length++) {
        Path cut = Checkpoints.write(folder, "cut", Arrays.copyOf(file, length));
        assertFails(
            Kind.BAD_DATA, () -> Checkpoints.convertGeneric(cut, folder.resolve("o")), "cut");
      }
      Path all = Checkpoints.write(folder, "cut", file);
      Checkpoints.convertGeneric(all, folder.resolve("o"));
    }
  }

  /// Random damage gives the one error or a file that converts, nothing else.
  @Test
  void randomDamageIsNeverACrash() throws Exception {
    Random random = new Random(11);
    for (byte[] file : whole().toList()) {
      for (int i = 0; i < 400; i++) {
        byte[] damaged = file.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
          damaged[random.nextInt(damaged.length)] =
              (byte) (random.nextBoolean() ? random.nextInt(128) : random.nextInt());
        }
        Path path = Checkpoints.write(folder, "damaged", damaged);
        try {
          Checkpoints.convertGeneric(path, folder.resolve("o"));
        } catch (DuovoxException e) {
          assertEquals(Kind.BAD_DATA, e.kind(), e.getMessage());
        }
      }
    }
  }
}
