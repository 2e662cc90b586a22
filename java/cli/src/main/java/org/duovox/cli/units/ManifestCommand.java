package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.audio.layout.DatasetLayout;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox manifest`: writes the manifest of a data set in a published layout.
@Command(
    name = "manifest",
    description = {
      "Writes the manifest of a data set in the layout of its publishers.",
      "",
      "It says which utterances there are, with split, speaker, text, intent and slots.",
      "Recipes read a layout themselves (data.layout)."
    },
    footer = {
      "  duovox manifest --layout librispeech --data LibriSpeech/dev-clean --out"
          + " LibriSpeech/dev-clean.jsonl",
      "  duovox manifest --layout fluent-speech-commands --data fsc/ --out fsc/manifest.jsonl"
    })
public final class ManifestCommand extends Verb {
  private static final String JSONL = ".jsonl";

  @Option(
      names = "--layout",
      required = true,
      paramLabel = "NAME",
      description =
          "librispeech, fluent-speech-commands, slurp, snips (close or far field) or audio-snips (of"
              + " s3prl).")
  private String layout;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the data set.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.jsonl",
      description =
          "File to write. In a folder above the audio it is read without further options.")
  private Path out;

  /// @param splits utterances by split
  /// @param labels number of values of the fields that say what an utterance means
  /// @param root folder to read it with; empty where it lies above the audio
  /// @param links whether links lead to audio that lies elsewhere
  private record Result(
      String out,
      int utterances,
      Map<String, Long> splits,
      int speakers,
      Map<String, Integer> labels,
      String root,
      boolean links)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(Wording.format("wrote %s: %s", out, Wording.count(utterances, "utterance")));
      splits.forEach((split, count) -> writer.println(Wording.format("  %s: %d", split, count)));
      if (speakers > 0) {
        writer.println(Wording.format("  speakers: %d", speakers));
      }
      labels.forEach(
          (label, count) -> writer.println(Wording.format("  values of %s: %d", label, count)));
      if (!root.isEmpty()) {
        writer.println("read it with --root " + root);
      }
      if (links) {
        writer.println("links lead to audio elsewhere: read it with --allow-absolute");
      }
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, out);
  }

  @Override
  protected void checkOptions() {
    DatasetLayout.of(layout);
    if (!out.toString().endsWith(JSONL)) {
      throw DuovoxException.usage("--out must end in " + JSONL + ", as manifests do");
    }
  }

  @Override
  protected Object execute() {
    Manifest manifest = DatasetLayout.of(layout).read(data);
    Path here = out.toAbsolutePath().normalize().getParent();
    Path root = Path.of(manifest.source());
    Path base = root.startsWith(here) ? here : root;
    String lines =
        manifest.utterances().stream()
            .map(utterance -> line(utterance, base))
            .collect(Collectors.joining("\n", "", "\n"));
    AtomicFiles.write(out, lines);
    boolean links =
        manifest.utterances().stream()
            .anyMatch(utterance -> !PathRules.STRICT.outside(base, utterance.audio()).isEmpty());
    return result(manifest, base.equals(here) ? "" : root.toString(), links);
  }

  private static String line(Utterance utterance, Path base) {
    Map<String, String> keys = new TreeMap<>(utterance.fields());
    keys.put("id", utterance.id());
    keys.put("audio", base.relativize(utterance.audio()).toString());
    return Json.line(keys);
  }

  private Result result(Manifest manifest, String root, boolean links) {
    Map<String, Integer> labels = new TreeMap<>();
    for (String label : List.of("intent", "scenario", "action", "object", "location")) {
      int count = values(manifest, label).size();
      if (count > 0) {
        labels.put(label, count);
      }
    }
    Map<String, Long> splits =
        manifest.utterances().stream()
            .filter(utterance -> utterance.fields().containsKey("split"))
            .collect(
                Collectors.groupingBy(
                    utterance -> utterance.fields().get("split"),
                    TreeMap::new,
                    Collectors.counting()));
    return new Result(
        out.toString(),
        manifest.size(),
        splits,
        values(manifest, "speaker").size(),
        labels,
        root,
        links);
  }

  private static TreeSet<String> values(Manifest manifest, String field) {
    return manifest.utterances().stream()
        .map(utterance -> utterance.fields().get(field))
        .filter(value -> value != null)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
