package org.duovox.cli.model;

import java.nio.file.Path;
import java.util.List;
import org.duovox.config.Settings;
import org.duovox.slu.ProbeConfig;
import org.duovox.slu.Slots;
import picocli.CommandLine.Option;

/// The options of verbs that fit probes: the model, the label columns, the settings.
final class ProbeOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox pretrain' wrote.")
  private Path model;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "FIELD",
      description = "Field of the manifest that holds the class; repeatable: one output for each.")
  private List<String> labels;

  @Option(
      names = "--balance",
      description = "Let every class of a field weigh the same in the loss, however rare it is.")
  private boolean balance;

  @Option(names = "--config", paramLabel = "F", description = "YAML file with the section probe:.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting, e.g. probe.layers=4 or probe.epochs=20; repeatable.")
  private List<String> settings = List.of();

  Path model() {
    return model;
  }

  Slots slots() {
    return new Slots(labels);
  }

  ProbeConfig probe() {
    return probe(settings(List.of("probe")));
  }

  ProbeConfig probe(Settings all) {
    ProbeConfig defaults = ProbeConfig.defaults().with(draft -> draft.balance = balance);
    return all.section("probe", ProbeConfig.class, defaults);
  }

  /// Reads the settings.
  ///
  /// @param sections that the verb has
  Settings settings(List<String> sections) {
    return Settings.read(config, settings, sections);
  }
}
