package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.Verb;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Tests that no verb silently replaces an output: it is refused with exit code 73 and a
/// description of what exists, unless `--replace` is given; and that inputs are never outputs.
class OutputsTest extends OutputTesting {
  private static final Set<String> READING =
      Set.of(
          "--features",
          "--codebook",
          "--manifest",
          "--model",
          "--corpus",
          "--config",
          "--world",
          "--inputs",
          "--units",
          "--contextual",
          "--phonetic",
          "--contextual-features",
          "--tsv",
          "--dict",
          "--gold",
          "--pairs",
          "--submission",
          "--items",
          "--data",
          "--dataset",
          "--test-corpus",
          "--base",
          "--cache",
          "--find-links");

  @Test
  void everyOptionThatNamesAnOutputIsDeclaredByItsVerb() {
    List<String> seen = new ArrayList<>();
    for (CommandLine command : verbs(Main.commandLine())) {
      Verb verb = (Verb) command.getCommand();
      assertTrue(
          command.getCommandSpec().findOption("--replace") != null, command.getCommandName());
      for (OptionSpec option : command.getCommandSpec().options()) {
        String name = option.longestName();
        if (OutputGuard.WRITING.contains(name) && !name.equals("--json")) {
          Path path = folder.resolve("nothing");
          option.setValue(path);
          assertTrue(
              verb.outputs().stream().anyMatch(output -> output.path().equals(path)),
              command.getCommandName() + " forgets its " + name);
          seen.add(command.getCommandName() + name);
        } else if (option.typeInfo().getType() == Path.class) {
          assertTrue(
              READING.contains(name),
              command.getCommandName() + " " + name + ": is it an output or an input?");
        }
      }
    }
    assertTrue(seen.size() >= 18, seen.toString());
  }

  private static List<CommandLine> verbs(CommandLine command) {
    List<CommandLine> verbs = new ArrayList<>();
    if (command.getCommand() instanceof Verb) {
      verbs.add(command);
    }
    command.getSubcommands().values().forEach(inner -> verbs.addAll(verbs(inner)));
    return verbs;
  }

  @Test
  void aFileOfAnInputIsNeverReplaced() throws IOException {
    Path features = features(tones("low", 300), folder.resolve("features"));
    Map<String, String> before = contents(features);
    for (String name : before.keySet()) {
      refused(
          "is a file of the input",
          "kmeans",
          "--features",
          features,
          "--clusters",
          4,
          "--out",
          features.resolve(name),
          "--replace");
    }
    assertEquals(before, contents(features));
  }

  @Test
  void anInputIsNeverReplaced() throws IOException {
    Path features = features(tones("low", 300), folder.resolve("features"));
    Path codebook = folder.resolve("codebook.safetensors");
    Cli.ok("kmeans", "--features", features, "--clusters", 4, "--out", codebook);
    Map<String, String> before = contents(features);
    refused(
        "is an input of this command",
        "quantize",
        "--features",
        features,
        "--codebook",
        codebook,
        "--out",
        features,
        "--replace");
    refused(
        "lies in it",
        "features",
        "--encoder",
        "logmel",
        "--out",
        folder,
        folder.resolve("low/0.wav"),
        "--replace");
    assertEquals(before, contents(features));
  }

  @Test
  void aRecipeRunsNeitherInTheFolderOfAnotherNorOverOtherResults() throws IOException {
    Path recipe = Path.of(System.getProperty("duovox.home"), "recipes", "demo.yaml");
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("recipe.json"), "{\"name\": \"digits\"}");
    refused("a run of the recipe digits", "run", recipe, "--out", other);
    Path results = Files.createDirectory(folder.resolve("results"));
    Files.writeString(results.resolve("results.json"), "mine");
    refused("results.json", "run", recipe, "--out", results);
    assertEquals("mine", Files.readString(results.resolve("results.json")));
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("train.json"), "{}");
    refused("a training that has not finished", "demo", "--out", run);
  }

  @Test
  void twoOutputsAreTwoFiles() throws IOException {
    Path features = features(tones("low", 300), folder.resolve("features"));
    Path out = folder.resolve("out.json");
    Cli result =
        Cli.run("kmeans", "--features", features, "--clusters", 2, "--out", out, "--json=" + out);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("two outputs are the same file"), result.err());
  }

  @Test
  void anOutputDoesNotLieInOneThatIsWrittenAsAWhole() throws IOException {
    Path low = tones("low", 300);
    Path out = folder.resolve("out");
    Object[] features = {"features", "--encoder", "logmel", "--manifest", low, "--out", out};
    for (Path json : List.of(out.resolve("r.json"), out.resolve("deeper/r.json"))) {
      Cli result = Cli.run(with(features, "--json=" + json));
      assertEquals(2, result.code(), result.err());
      assertTrue(result.err().contains("which is written as a whole"), result.err());
      assertTrue(Files.notExists(out));
    }
  }

  @Test
  void adviceToReplaceIsOnlyGivenWhereItHelps() throws IOException {
    Path low = tones("low", 300);
    Path features = features(low, folder.resolve("features"));
    Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
    Path nowhere = folder.resolve("nowhere");
    Path link = Files.createSymbolicLink(folder.resolve("link"), nowhere);
    for (Object[] command :
        List.of(
            new Object[] {"features", "--encoder", "logmel", "--manifest", low},
            new Object[] {"quantize", "--features", features, "--codebook", "none"},
            new Object[] {"import", "nothing.km"},
            new Object[] {"convert", "nothing.pt"},
            new Object[] {"pretrain", "--corpus", "nothing"},
            new Object[] {"demo"})) {
      for (String leave : List.of("--quiet", "--replace")) {
        Object[] onto = with(with(command, leave), "--out=" + file);
        assertEquals(-1, refused("a file of that name exists", onto).indexOf("--replace"));
        refused(
            "is a link to " + nowhere + ", which does not exist",
            with(with(command, leave), "--out=" + link));
      }
    }
    Object[] kmeans = {
      "kmeans",
      "--features",
      features,
      "--clusters",
      4,
      "--out",
      features(low, folder.resolve("other"))
    };
    assertEquals(-1, refused("it is a folder; name a file", kmeans).indexOf("--replace"));
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void aPipeIsRefusedBeforeItIsOpened() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    refused("is a pipe", "doctor", "--json=" + pipe);
    Cli.run("doctor", "--json=/dev/null"); // A device takes everything at once.
    assertTrue(Files.exists(pipe));
  }

  @Test
  void aNameMayBeAsLongAsTheFileSystemTakes() throws IOException {
    Path low = tones("low", 300);
    Path out = folder.resolve("x".repeat(255));
    Path json = folder.resolve("j".repeat(250) + ".json");
    Object[] command = {
      "features", "--encoder", "logmel", "--manifest", low, "--out", out, "--json=" + json
    };
    Cli.ok(command);
    Object[] again = with(command, "--replace");
    Cli.ok(again);
    assertTrue(Files.isRegularFile(out.resolve("manifest.json")));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(Set.of(low, out, json), left.collect(Collectors.toSet()));
    }
    refused("name too long", with(again, "--out", folder.resolve("x".repeat(256))));
  }

  @Test
  void filesOfResultsAreRefusedBeforeAnyWork() throws IOException {
    Path features = features(tones("low", 300), folder.resolve("features"));
    Path json = Files.writeString(folder.resolve("result.json"), "mine");
    Path codebook = folder.resolve("codebook.safetensors");
    Object[] kmeans = {
      "kmeans", "--features", features, "--clusters", 4, "--out", codebook, "--json=" + json
    };
    refused("a file of 4 B", kmeans);
    assertEquals("mine", Files.readString(json));
    assertTrue(Files.notExists(codebook));
    Cli.ok(with(kmeans, "--replace"));
    assertTrue(Files.readString(json).contains("\"clusters\" : 4"));
  }

  @Test
  void foldersOfOthersAreRefusedEvenWithLeaveToReplace() throws IOException {
    Path low = tones("low", 300);
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(mine.resolve("notes.txt"), "mine");
    refused(
        "notes.txt, which Duovox did not write",
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        low,
        "--out",
        mine,
        "--replace");
    refused(
        "notes.txt, which Duovox did not write",
        "convert",
        folder.resolve("nothing.pt"),
        "--out",
        mine);
    assertEquals("mine", Files.readString(mine.resolve("notes.txt")));
  }

  @Test
  void aPlaceThatTakesNoOutputIsToldBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path gold = folder.resolve("no-gold.csv");
    for (String option : List.of("--scores", "--json")) {
      Cli cli =
          Cli.run(
              "swuggy", "--gold", gold, "--submission", gold, option, file.resolve("a/out.json"));
      assertEquals(73, cli.code(), cli.err());
      assertTrue(cli.err().contains(file + " is not a folder"), cli.err());
    }
  }
}
