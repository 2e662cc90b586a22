package org.duovox.io.tensors;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The negative tests of the reference reader and the known attacks, rebuilt by hand.
class SafetensorsAttackTest {
  @TempDir Path folder;

  private Path file(long length, byte[] header, int dataBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    bytes.write(header);
    bytes.write(new byte[dataBytes]);
    return Files.write(folder.resolve("a.safetensors"), bytes.toByteArray());
  }

  private Path file(String header, int dataBytes) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    return file(bytes.length, bytes, dataBytes);
  }

  private void refused(String header, int dataBytes, String... parts) throws IOException {
    Path path = file(header.replace('\'', '"'), dataBytes);
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(path), "a.safetensors");
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(path), parts);
  }

  /// The header of one tensor `t`.
  private static String tensor(String dtype, String shape, String offsets) {
    return "{'t':{'dtype':'" + dtype + "','shape':" + shape + ",'data_offsets':" + offsets + "}}";
  }

  @Test
  void lengthsThatCannotBe() throws IOException {
    Path empty = Files.write(folder.resolve("a.safetensors"), new byte[0]);
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(empty), "too short");
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    for (long length :
        new long[] {3, 100_000_000, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      Path path = file(length, json, 0);
      assertFails(Kind.BAD_DATA, () -> Safetensors.open(path), "header of");
    }
    assertFails(Kind.MISSING_INPUT, () -> Safetensors.open(folder.resolve("none")), "none");
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(folder), "folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "''",
        "[]",
        "{",
        "{}x",
        "{} {}",
        "hello",
        "{'t':1}",
        "{'t':{}}",
        "{'t':[]}",
        "nullx",
        "{'__metadata__':{'a':1}}",
        "{'__metadata__':{'a':null}}",
        "{'__metadata__':[]}",
        "{'__metadata__':{'a':{}}}",
        "{'__metadata__':{'a':'1','a':'2'}}",
        "{'__metadata__':{},'__metadata__':{}}",
        "{'a':{'a':{'a':{'a':{'a':1}}}}}",
        "{'t':{'dtype':'F32','shape':[[[[1]]]],'data_offsets':[0,4]}}"
      })
  void headersThatAreNone(String header) throws IOException {
    refused(header, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "F32|[1]|[0,4]|8|follows the last",
        "F32|[2]|[0,8]|4|truncated",
        "F32|[2]|[0,4]|4|needs 8 bytes",
        "F32|[2]|[4,0]|8|needs 8 bytes",
        "F32|[1]|[4,8]|8|hole or an overlap",
        "F32|[-1]|[0,4]|4|negative",
        "F32|[1]|[-4,0]|4|negative",
        "F32|[1.0]|[0,4]|4|whole number",
        "F32|['1']|[0,4]|4|whole number",
        "F32|[99999999999999999999999]|[0,4]|4|umber",
        "F32|[9223372036854775808]|[0,4]|4|whole number",
        "F32|[4611686018427387904,4]|[0,0]|0|overflows",
        "F32|[9223372036854775807]|[0,4]|4|overflows",
        "F32|[2,18446744073709551615]|[0,4]|4|whole number",
        "F32|[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]|[0,4]|4|more than 16",
        "F32|[1]|[0]|4|two data_offsets",
        "F32|[1]|[0,4,4]|4|more than 2",
        "F4|[1]|[0,0]|0|whole bytes",
        "f32|[1]|[0,4]|4|unknown dtype",
        "FLOAT|[1]|[0,4]|4|unknown dtype"
      })
  void tensorsThatCannotBe(String dtype, String shape, String offsets, int data, String part)
      throws IOException {
    refused(tensor(dtype, shape, offsets), data, part);
  }

  @Test
  void metadataMustBeText() throws IOException {
    refused("{'__metadata__':{'a':'\\ud800'}}", 0, "surrogate pair");
    refused("{'__metadata__':{'\\udc00':'a'}}", 0, "surrogate pair");
  }

  @Test
  void manyTensorsOnOneRange() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 10; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("'t")
          .append(i)
          .append("':{'dtype':'F32','shape':[2,2],'data_offsets':[0,16]}");
    }
    refused(header.append("}").toString(), 16, "hole or an overlap");
  }

  @Test
  void duplicatesAtBothLevels() throws IOException {
    String entry = "'t':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}";
    refused("{" + entry + "," + entry + "}", 4, "uplicate");
    refused("{'t':{'dtype':'U8','dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 4, "uplicate");
    refused("{'t':{'dtype':'F32','shape':[4],'shape':[1],'data_offsets':[0,4]}}", 4, "uplicate");
    refused("{'t':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'extra':1}}", 4, "unknown key");
    // The same name in two spellings.
    refused(
        "{'t':{'dtype':'U8','shape':[0],'data_offsets':[0,0]},"
            + "'\\u0074':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}}",
        0,
        "uplicate");
  }

  @Test
  void namesThatCannotBe() throws IOException {
    refused(tensor("U8", "[0]", "[0,0]").replace("'t'", "'\\ud800'"), 0, "surrogate");
    refused(tensor("U8", "[0]", "[0,0]").replace("'t'", "'" + "x".repeat(5000) + "'"), 0);
    refused(
        tensor("U8", "[0]", "[0,0]").replace("'t'", "'" + "\u00fc".repeat(3000) + "'"),
        0,
        "6000 bytes");
  }

  @Test
  void encodingsOtherThanUtf8() throws IOException {
    byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
    Path wide = file(utf16.length, utf16, 0);
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(wide));
    byte[] broken = {'{', '"', (byte) 0xC3, '"', ':', '1', '}'};
    Path path = file(broken.length, broken, 0);
    assertFails(Kind.BAD_DATA, () -> Safetensors.open(path), "UTF-8");
  }

  @Test
  void oddButValid() throws IOException {
    String zero =
        "{'a':{'dtype':'F32','shape':[2,0],'data_offsets':[0,0]},"
            + "'b':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
            + "'c':{'dtype':'F4','shape':[2],'data_offsets':[4,5]}}";
    try (SafetensorsFile file =
        Safetensors.open(file(("\n " + zero + " \t\n").replace('\'', '"'), 5))) {
      assertEquals(3, file.tensors().size());
      assertEquals(0, file.floats("a").length);
      assertEquals(1, file.floats("b").length);
      assertFails(Kind.BAD_DATA, () -> file.floats("c"), "F4");
    }
    try (SafetensorsFile file = Safetensors.open(file("{}", 0))) {
      assertEquals(0, file.tensors().size());
    }
  }

  @Test
  void aFileThatShrinksWhileItIsRead() throws IOException {
    Path path = file(tensor("F32", "[2]", "[0,8]").replace('\'', '"'), 8);
    try (SafetensorsFile file = Safetensors.open(path)) {
      Files.write(path, new byte[8]);
      assertFails(Kind.BAD_DATA, () -> file.floats("t"), "shorter");
    }
  }

  /// Random damage gives the one exception or a file that reads, nothing else.
  @Test
  void randomDamageIsNeverACrash() throws IOException {
    Random random = new Random(7);
    byte[] valid =
        Files.readAllBytes(file(tensor("F32", "[2,3]", "[0,24]").replace('\'', '"'), 24));
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = valid.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        damaged[random.nextInt(70)] =
            (byte) (random.nextBoolean() ? random.nextInt(128) : random.nextInt());
      }
      Path path = Files.write(folder.resolve("damaged"), damaged);
      try (SafetensorsFile file = Safetensors.open(path)) {
        file.tensors().stream()
            .filter(t -> t.dtype() == DType.F32)
            .forEach(t -> file.floats(t.name()));
      } catch (DuovoxException e) {
        assertEquals(Kind.BAD_DATA, e.kind());
      }
    }
  }
}
