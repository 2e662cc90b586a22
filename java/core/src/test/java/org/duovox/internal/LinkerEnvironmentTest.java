package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.internal.LinkerEnvironment.Precedence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkerEnvironmentTest {
  private static final String UNDEFINED = "/x/libduovox.so: undefined symbol: _ZN2at4_ops";
  private static final String UNMAPPED =
      "/x/libduovox.so: libtorch_cpu.so: failed to map segment from shared object";

  @TempDir private Path folder;

  private Path library(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "");
  }

  @Test
  void aLibraryOfTheSameNameIsFoundInTheOrderOfTheLinker() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path other = Files.writeString(first.resolve("libstdc++.so.6"), "");
    library("libstdc++.so.6");
    Path torch = library("libtorch_cpu.so");
    library("libm.so.6");
    String path = "/no/such:" + first + ":" + folder;
    assertEquals(
        List.of(new Precedence(torch, "LD_LIBRARY_PATH"), new Precedence(other, "LD_LIBRARY_PATH")),
        LinkerEnvironment.overrides(Map.of("LD_LIBRARY_PATH", path)));
    assertEquals(
        List.of(new Precedence(torch, "LD_PRELOAD")),
        LinkerEnvironment.overrides(Map.of("LD_PRELOAD", folder + "/libm.so.6 " + torch)));
    assertEquals(List.of(), LinkerEnvironment.overrides(Map.of("LD_LIBRARY_PATH", "")));
  }

  @Test
  void anotherLibraryIsNamedWithItsVariable() throws IOException {
    Path torch = library("libtorch_cpu.so");
    String why =
        LinkerEnvironment.explain(
                UNDEFINED, Map.of("LD_LIBRARY_PATH", folder.toString()), Optional.empty())
            .orElseThrow();
    assertTrue(why.contains(torch.toString()), why);
    assertTrue(why.contains("LD_LIBRARY_PATH"), why);
    assertEquals(
        Optional.empty(), LinkerEnvironment.explain(UNDEFINED, Map.of(), Optional.of("1")));
  }

  @Test
  void aLimitOfOpenFilesIsNamed() {
    String why =
        LinkerEnvironment.explain("x.so: Too many open files", Map.of(), Optional.empty())
            .orElseThrow();
    assertTrue(why.contains("ulimit -n"), why);
  }

  @Test
  void aLimitOfTheAddressSpaceIsNamed() {
    String why =
        LinkerEnvironment.explain(UNMAPPED, Map.of(), Optional.of("3072000000")).orElseThrow();
    assertTrue(why.contains("3072000000") && why.contains("ulimit -v"), why);
  }
}
