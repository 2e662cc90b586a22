package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.duovox.io.Hashes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `./duovox` in various environments: a copy of it in a folder of its own, whose
/// "build" is a jar that refers to the classes under test.
///
/// Shell scripts make and compare names outside ASCII, since this JVM may have been started in a
/// locale in which it cannot name them.
class LauncherTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @TempDir private static Path folder;

  private static Path checkout;

  @BeforeAll
  static void install() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no /bin/bash");
    checkout = folder.resolve("a checkout");
    Path build = checkout.resolve("target/run.test");
    Files.createDirectories(build);
    Files.createDirectories(checkout.resolve("scripts"));
    for (String file : List.of("duovox", "scripts/find-jdk")) {
      Files.copy(ROOT.resolve(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createSymbolicLink(checkout.resolve("target/current"), build);
    writeJar(build.resolve("duovox-cli.jar"));
    Path library = Path.of(System.getProperty("duovox.library", ""));
    if (Files.isRegularFile(library)) {
      Files.copy(library, build.resolve("libduovox.so"));
    }
  }

  private static void writeJar(Path jar) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Attributes.Name[] names = {
      Attributes.Name.MANIFEST_VERSION,
      Attributes.Name.MAIN_CLASS,
      Attributes.Name.CLASS_PATH,
      new Attributes.Name("Enable-Native-Access")
    };
    String[] values = {
      "1.0",
      "org.duovox.cli.Main",
      Arrays.stream(classPath.split(":"))
          .map(entry -> Path.of(entry).toUri().toString())
          .collect(Collectors.joining(" ")),
      "ALL-UNNAMED"
    };
    Manifest manifest = new Manifest();
    for (int i = 0; i < names.length; i++) {
      manifest.getMainAttributes().put(names[i], values[i]);
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream stream = new JarOutputStream(out, manifest)) {
      stream.finish();
    }
  }

  /// Runs a script in a folder, where `duovox` is the launcher and the environment has only these
  /// variables.
  private static Cli bash(Path where, String script, String... variables)
      throws IOException, InterruptedException {
    Files.createDirectories(where);
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "duovox() { " + quoted(checkout.resolve("duovox")) + " \"$@\"; }\n" + script)
            .directory(where.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().put("DUOVOX_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DUOVOX_NO_BUILD", "1");
    builder.environment().put("HOME", folder.toString());
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Cli(process.waitFor(), out, Files.readString(err));
  }

  private static String quoted(Path path) {
    return "'" + path + "'";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LC_ALL=C",
        "LC_ALL=POSIX",
        "LANG=",
        "LC_ALL=no_SUCH.UTF-8",
        "LC_ALL=de_DE.ISO-8859-1",
        "LC_ALL=ja_JP.eucJP"
      })
  void namesAreUtf8InEveryLocale(String locale) throws Exception {
    // The name and the ids hold o with two dots and two Chinese characters.
    String script =
        "name=$(printf 'w\\303\\266rd\\344\\275\\240')\n"
            + "printf '%s\\t1,2,3\\nb\\t4,5\\n' \"$name\" > \"$name.txt\"\n"
            + "duovox import \"$name.txt\" --format zerospeech --interval-ms 10 --out \"$name\" --json > out.json"
            + " && cat \"$name\"/*.json*";
    Path where = folder.resolve(locale.replace('=', '-'));
    Cli result = bash(where, script, locale);
    assertEquals(0, result.code(), result.err());
    Cli expected = bash(folder.resolve("utf8-" + locale), script, "LC_ALL=C.UTF-8");
    assertEquals(expected, new Cli(result.code(), result.out(), expected.err()));
    assertTrue(result.out().contains("w\u00f6rd\u4f60"), result.out());
    assertEquals(
        Hashes.sha256(folder.resolve("utf8-" + locale).resolve("out.json")),
        Hashes.sha256(where.resolve("out.json")));
  }

  @Test
  void theCheckoutMayLieInAnyFolder() throws Exception {
    String script =
        "there=$(printf '\\303\\274 b')/checkout\n"
            + "mkdir -p \"${there%/*}\" && cp -a "
            + quoted(checkout)
            + " \"$there\" && ln -sfn \"$PWD/$there/target/run.test\" \"$there/target/current\""
            + " && \"$there/duovox\" --version";
    Cli result = bash(folder.resolve("any"), script, "LC_ALL=C");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("Duovox "), result.out());
  }

  @Test
  void aWordThatIsNotUtf8IsRefusedByItsBytes() throws Exception {
    Cli result = bash(folder, "duovox import \"$(printf 'w\\366rd')\" --out o", "LC_ALL=C");
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("w\\xF6rd is not UTF-8"), result.err());
  }

  @Test
  void aJvmInAnotherLocaleSaysWhichVariableToSet() throws Exception {
    String script =
        "mkdir -p w && : > w/$(printf 'w\\303\\266rd').wav && \"$DUOVOX_JAVA_HOME/bin/java\" -jar "
            + quoted(checkout.resolve("target/current/duovox-cli.jar"))
            + " features --encoder logmel --manifest w --out o";
    Path where = folder.resolve("without the launcher");
    Cli result = bash(where, script, "LC_ALL=C");
    assertEquals(69, result.code(), result.err());
    assertTrue(result.err().contains("set LC_ALL=C.UTF-8"), result.err());
    assertFalse(Files.exists(where.resolve("o")));
  }

  @Test
  void theTraceOfAnErrorArrives() throws Exception {
    Cli without = bash(folder, "duovox features --encoder logmel --manifest nosuch --out o");
    assertEquals(66, without.code(), without.err());
    assertFalse(without.err().contains("\tat "), without.err());
    Cli with = bash(folder, "duovox features --encoder logmel --manifest nosuch --out o --debug");
    assertEquals(66, with.code(), with.err());
    assertTrue(with.err().contains("\tat org.duovox."), with.err());
  }

  @Test
  void withoutAVerbTheListOfThemIsPrinted() throws Exception {
    Cli help = bash(folder, "duovox --help");
    assertEquals(help, bash(folder, "duovox"));
    assertTrue(help.out().contains("pretrain"), help.out());
  }

  @Test
  void theTemporaryFolderIsTheOneOfTheEnvironment() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    Cli result = bash(folder, "duovox doctor --json; true", "TMPDIR=" + temporary);
    assertTrue(result.out().contains(quotedJson(temporary)), result.out());
    try (var left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void inAFolderThatIsGoneItSaysSo() throws Exception {
    Cli result = bash(folder.resolve("gone"), "rmdir \"$PWD\" && duovox doctor");
    assertEquals(66, result.code(), result.err());
    assertTrue(result.err().contains("duovox: the current folder is not there"), result.err());
    assertFalse(result.err().contains("initialization of VM"), result.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--help", "--version", "pretrain --help", "slu --help", "doctor --json=-"})
  void whatCannotBeToldIsAnError(String words) throws Exception {
    Cli result = bash(folder, "duovox " + words + " > /dev/full");
    assertEquals(74, result.code(), result.err());
    assertTrue(result.err().contains("to standard output"), result.err());
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 63})
  void tooFewOpenFilesAreNamed(int limit) throws Exception {
    Cli result = bash(folder, "ulimit -n " + limit + "; duovox pretrain --corpus c --out o");
    assertEquals(75, result.code(), result.err());
    assertTrue(result.err().contains("ulimit -n"), result.err());
  }

  private static String quotedJson(Path path) {
    return "\"" + path + "\"";
  }
}
