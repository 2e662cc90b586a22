package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceTest {
  private static Provenance of(String commit) {
    return new Provenance("2026-01-02", commit, "AMD EPYC", 2, Map.of(), List.of(), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "AMD EPYC 9B14 96-Core Processor, amd-epyc-9b14",
    "AMD EPYC, amd-epyc",
    "Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz, intel-xeon-e5-2686-v4",
    "AMD Ryzen 7 7840U with Radeon Graphics, amd-ryzen-7-7840u",
    "unknown, unknown"
  })
  void slugsAreShort(String cpu, String slug) {
    assertEquals(slug, Provenance.slug(cpu));
  }

  @Test
  void namesFilesByDayAndMachine() {
    assertEquals("2026-01-02-amd-epyc-2-cores", of("abc").fileName());
  }

  @Test
  void aPlusSaysThatSourcesAreUncommitted() {
    assertTrue(of("abc").committed());
    assertFalse(of("abc+").committed());
  }

  @Test
  void readsTheModelOfTheProcessor() {
    assertEquals("A B", Provenance.cpu("processor\t: 0\nmodel name\t: A B\nmodel name\t: A B\n"));
    assertEquals("unknown", Provenance.cpu(""));
  }

  @Test
  void readsVersionsFromNamesOfJars() {
    assertEquals(
        Map.of("jmh-core", "1.37", "pytorch-native-cpu", "2.7.1", "pytorch-engine", "0.36.0"),
        Provenance.jars(
            "/a/classes:/a/jmh-core-1.37.jar:/a/pytorch-native-cpu-2.7.1-linux-x86_64.jar"
                + ":/a/pytorch-engine-0.36.0.jar:/a/gson-2.13.1.jar"));
  }
}
