package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeRuntimeTest {
  @Test
  void whatTheEnvironmentSaysStays() {
    assertTrue(NativeRuntime.isWaitingUnset(Map.<String, String>of()::get));
    assertFalse(NativeRuntime.isWaitingUnset(Map.of("OMP_WAIT_POLICY", "PASSIVE")::get));
    assertFalse(NativeRuntime.isWaitingUnset(Map.of("GOMP_SPINCOUNT", "7")::get));
  }

  /// Another JVM, because a library is loaded once: it is given one processor, as a container may.
  @Test
  void aProgramWithoutTheLauncherSpinsAsLongOnTheProcessorsItHas(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertEquals("20000 1", probe(folder, "-XX:ActiveProcessorCount=1"));
  }

  private static String probe(Path folder, String option) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder.command().add("--enable-native-access=ALL-UNNAMED");
    builder.command().add(option);
    builder.command().add("-Dduovox.library=" + NativeLibrary.file());
    builder.command().add("-cp");
    builder.command().add(System.getProperty("java.class.path"));
    builder.command().add(Probe.class.getName());
    builder.environment().keySet().removeIf(name -> name.contains("OMP_"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    return Files.readString(output).strip();
  }

  /// Prints how long threads spin, as native code sees it, and how many they are.
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      NativeRuntime.Info info = NativeRuntime.info();
      System.out.println(NativeRuntime.environment("GOMP_SPINCOUNT") + " " + info.threads());
    }
  }
}
