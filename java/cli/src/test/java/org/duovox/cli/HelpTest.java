package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  private static final List<String> VERBS =
      List.of(
          "demo",
          "run",
          "features",
          "kmeans",
          "quantize",
          "align",
          "import",
          "export",
          "import",
          "export",
          "pretrain",
          "embed",
          "ssimi",
          "slu",
          "report",
          "experiment",
          "convert",
          "forward",
          "fetch",
          "doctor");

  @Test
  void namesAllVerbsAndExitCodes() {
    Cli help = Cli.ok("--help");
    VERBS.forEach(verb -> assertTrue(help.out().contains("\n  " + verb + " "), verb));
    List.of(0, 1, 2, 129, 130, 143)
        .forEach(code -> assertTrue(help.out().matches("(?s).*\\b" + code + " \\w.*"), help.out()));
    for (DuovoxException.Kind kind : DuovoxException.Kind.values()) {
      assertTrue(help.out().contains(" " + kind.exitCode() + " "), kind + "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "run",
        "experiment",
        "features",
        "kmeans",
        "quantize",
        "align",
        "import",
        "export",
        "pretrain",
        "embed",
        "ssimi",
        "slu train",
        "slu evaluate",
        "report",
        "convert",
        "forward",
        "fetch",
        "doctor"
      })
  void everyVerbExplainsItself(String verb) {
    Cli help = Cli.ok((Object[]) (verb + " --help").split(" "));
    assertTrue(help.out().startsWith("Usage: duovox " + verb), help.out());
    assertTrue(help.out().contains("--json"), help.out());
    assertTrue(help.out().contains("Exit codes: 'duovox --help' lists them."), help.out());
    assertTrue(help.out().contains("Examples:\n  duovox " + verb), help.out());
    assertFalse(help.out().contains("DEFAULT-VALUE"), help.out());
    help.out().lines().forEach(line -> assertTrue(line.length() <= 112, line));
  }

  @Test
  void defaultsAreShown() {
    assertTrue(Cli.ok("kmeans", "--help").out().contains("Default: 10000."));
    assertTrue(Cli.ok("ssimi", "--help").out().contains("Default: cosine."));
  }

  @Test
  void versionNamesJava() {
    Cli version = Cli.ok("--version");
    assertTrue(version.out().startsWith("Duovox "), version.out());
    assertTrue(version.out().contains("Java"), version.out());
    assertEquals("", version.err());
  }
}
