package org.duovox.io.atomic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFolderTest {
  @TempDir Path folder;

  @Test
  void appearsWholeWithTheSumsOfItsFiles() throws IOException {
    write(FileActions.REAL, "123456789");
    SealedFolder.verify(target());
    String manifest = Files.readString(target().resolve(SealedFolder.MANIFEST));
    assertTrue(manifest.contains("\"bytes\" : 9"), manifest);
    // The check value of CRC-32C (RFC 3720's polynomial), and sha256sum's answer.
    assertTrue(manifest.contains("e3069283"), manifest);
    assertTrue(
        manifest.contains("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        manifest);
    assertEquals(List.of("target"), names());
    write(FileActions.REAL, "another");
    assertEquals("another", Files.readString(target().resolve("a.txt")));
    assertEquals(List.of("target"), names());
  }

  @Test
  void everyKindOfDamageIsFound() throws IOException {
    write(FileActions.REAL, "12345");
    Path file = target().resolve("a.txt");
    byte[] whole = Files.readAllBytes(file);
    for (byte[] damaged :
        List.of(
            "1234".getBytes(StandardCharsets.UTF_8),
            "123456".getBytes(StandardCharsets.UTF_8),
            new byte[0],
            "12346".getBytes(StandardCharsets.UTF_8))) {
      Files.write(file, damaged);
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> SealedFolder.verify(target()));
      assertEquals(Kind.BAD_DATA, error.kind());
      assertTrue(error.getMessage().contains("a.txt"), error.getMessage());
    }
    Files.delete(file);
    assertThrows(DuovoxException.class, () -> SealedFolder.verify(target()));
    Files.write(file, whole);
    SealedFolder.verify(target());
    Files.writeString(target().resolve(SealedFolder.MANIFEST), "{");
    assertThrows(DuovoxException.class, () -> SealedFolder.verify(target()));
    Files.delete(target().resolve(SealedFolder.MANIFEST));
    assertThrows(DuovoxException.class, () -> SealedFolder.verify(target()));
  }

  @Test
  void aFailureAtAnyCallIsAnErrorThatLeavesNothing() throws IOException {
    int call = 1;
    for (FailingActions actions = new FailingActions(call, true);
        ;
        actions = new FailingActions(++call, true)) {
      FailingActions failing = actions;
      try {
        write(failing, "12345");
        break;
      } catch (DuovoxException e) {
        assertTrue(e.kind() == Kind.IO || e.kind() == Kind.CANNOT_CREATE, e.getMessage());
        assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
        if (Files.exists(target())) {
          SealedFolder.verify(target()); // The rename came before the failure.
          SealedFolder.remove(FileActions.REAL, target());
        }
        assertEquals(List.of(), names(), "call " + call);
      }
      assertTrue(failing.hasFailed());
    }
    assertTrue(call > 8, "every action was made to fail once: " + call);
    SealedFolder.verify(target());
  }

  @Test
  void tensorsWrittenInOnePassAreTheBytesOfTheWriter() throws IOException {
    Path file = folder.resolve("two.safetensors");
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of("format", "pt"))) {
      writer.add("a", new long[] {2}, new float[] {1, 2});
      writer.add("b", new long[] {1, 1}, new long[] {3});
      writer.add("empty", new long[] {0}, new float[0]);
      writer.commit();
    }
    ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(1).putFloat(2).flip();
    ByteBuffer longs = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(3).flip();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    Safetensors.write(
        stream,
        Map.of("format", "pt"),
        List.of(
            new Safetensors.Known("a", DType.F32, new long[] {2}, () -> floats),
            new Safetensors.Known("b", DType.I64, new long[] {1, 1}, () -> longs),
            new Safetensors.Known(
                "empty", DType.F32, new long[] {0}, () -> ByteBuffer.allocate(0))),
        file);
    assertArrayEquals(Files.readAllBytes(file), stream.toByteArray());
  }

  @Test
  void tensorOfTheWrongLengthIsABug() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Safetensors.write(
                new ByteArrayOutputStream(),
                Map.of(),
                List.of(
                    new Safetensors.Known(
                        "a", DType.F32, new long[] {2}, () -> ByteBuffer.allocate(4))),
                target()));
    assertFalse(Files.exists(target()));
  }

  private void write(FileActions actions, String text) {
    try (SealedFolder sealed = new SealedFolder(actions, target())) {
      sealed.write("a.txt", stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
      sealed.publish();
    }
  }

  private Path target() {
    return folder.resolve("target");
  }

  private List<String> names() throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
