package org.duovox.experiment;

import static org.duovox.testing.Failures.assertFails;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException.Kind;
import org.duovox.experiment.ExperimentFiles.Comparisons;
import org.duovox.experiment.ExperimentFiles.Scores;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Files of an experiment that lack a value are told where they are read: a report of them would
/// fail wherever the value is used first.
class ExperimentFilesTest {
  private static final String FINDING =
      """
      {"comparisons": [{"question": "", "of": {"system": "dual"}, "against": {"system": "raw"}, "metric": "AUC", "verdict": "better", "seeds": 1, "items": 9, "sentence": "", "of_seeds": {"1": null}, "against_seeds": {"1": 0.5}}]}
      """;
  private static final String ROW =
      """
      {"results": [{"cell": "a", "axes": {}, "task": "t", "dataset": "d", "split": "dev", "system": "dual", "metric": "AUC", "n": 1, "seed": 1}], "arms": [{"axes": {}, "metric": "auc", "seeds": 1, "items": 1, "values": {"1": null}}], "dev": [{"axes": {}, "setting": "raw"}]}
      """;
  private static final String STATE =
      """
      {"duovox": "1", "name": "n", "title": "", "question": "", "size": "", "axes": {"a": ["b"]}, "budget_hours": 0, "jobs": 1, "cells": [{"name": "c", "folder": "f", "values": {"a": "b"}, "system": "dual", "seed": 1, "state": "done", "seconds": 1, "setting": {"channel": "dual", "layer": 1}, "stages": [{"name": "s", "folder": "t", "reused": false, "seconds": 1}]}]}
      """;

  @TempDir private Path out;

  /// Takes each key away in turn; the file without it is refused by its name.
  private void refused(String file, String text, Executable read, String... pointers)
      throws Throwable {
    Files.writeString(out.resolve(file), text);
    read.execute();
    for (String pointer : pointers) {
      JsonNode tree = Json.tree(out.resolve(file));
      int slash = pointer.lastIndexOf('/');
      String key = pointer.substring(slash + 1);
      ((ObjectNode) tree.at(pointer.substring(0, slash))).remove(key);
      Path damaged = out.resolve(file);
      Files.writeString(damaged, Json.pretty(tree));
      assertFails(Kind.BAD_DATA, read, file + ":", "\"" + key + "\"", "must be there");
      Files.writeString(damaged, text);
    }
  }

  @Test
  void comparisonsHaveArmsVerdictAndSentence() throws Throwable {
    refused(
        ExperimentFiles.COMPARISONS,
        FINDING,
        () -> Comparisons.read(out),
        "/comparisons",
        "/comparisons/0/of",
        "/comparisons/0/against",
        "/comparisons/0/metric",
        "/comparisons/0/verdict",
        "/comparisons/0/sentence",
        "/comparisons/0/of_seeds");
    Files.writeString(out.resolve(ExperimentFiles.COMPARISONS), "{\"comparisons\": [null]}");
    assertFails(Kind.BAD_DATA, () -> Comparisons.read(out), "\"comparisons\"", "without null");
  }

  @Test
  void scoresHaveRowsArmsAndChoices() throws Throwable {
    refused(
        ExperimentFiles.RESULTS,
        ROW,
        () -> Scores.read(out),
        "/results",
        "/arms",
        "/dev",
        "/results/0/split",
        "/results/0/axes",
        "/arms/0/axes",
        "/arms/0/metric",
        "/arms/0/values",
        "/dev/0/axes");
  }

  @Test
  void theStateHasNamesAxesAndStages() throws Throwable {
    refused(
        ExperimentFiles.STATE,
        STATE,
        () -> State.read(out),
        "/duovox",
        "/name",
        "/title",
        "/question",
        "/size",
        "/axes",
        "/cells/0/stages",
        "/cells/0/stages/0/name",
        "/cells/0/setting/channel");
    Files.writeString(out.resolve(ExperimentFiles.STATE), STATE.replace("[\"b\"]", "[null]"));
    assertFails(Kind.BAD_DATA, () -> State.read(out), "\"axes\"", "without null");
  }
}
