package org.duovox.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.Present;
import org.duovox.recipe.WordsConfig.Setting;

/// What became of a cell, as `experiment.json` holds it.
///
/// @param name of the cell
/// @param folder of the cell, below that of the experiment
/// @param values by axis
/// @param system label of what is trained
/// @param seed of its trainings
/// @param error why it failed; null unless it did
/// @param kind of the failure; null unless it failed
/// @param seconds that it took in the process that ended it, stages of other cells not counted
/// @param setting layer and channel that were chosen on dev for its arm; null where words are not
///   scored
/// @param stages what it consists of
public record CellState(
    String name,
    String folder,
    Map<String, String> values,
    String system,
    long seed,
    State state,
    String error,
    Kind kind,
    double seconds,
    Setting setting,
    List<StagePlace> stages) {
  public CellState {
    Present.require("name", name, "folder", folder, "values", values, "system", system);
    Present.require("state", state, "stages", stages);
  }

  /// The states of a cell.
  public enum State {
    /// Not begun.
    @JsonProperty("waiting")
    WAITING,
    /// Ended well.
    @JsonProperty("done")
    DONE,
    /// Ended with an error; the others do not mind.
    @JsonProperty("failed")
    FAILED,
    /// Asked to stop; it goes on with the same command.
    @JsonProperty("stopped")
    STOPPED
  }

  /// A stage of a cell.
  ///
  /// @param name what it does, such as `pretrain-test-dual`
  /// @param folder below that of the experiment
  /// @param reused whether it was there, or another cell made it
  public record StagePlace(String name, String folder, boolean reused, double seconds) {
    public StagePlace {
      Present.require("name", name, "folder", folder);
    }
  }

  static CellState waiting(Cell cell) {
    return new CellState(
        cell.name(),
        "cells/" + cell.slug(),
        cell.values(),
        cell.system().label(),
        cell.seed(),
        State.WAITING,
        null,
        null,
        0,
        null,
        List.of());
  }

  CellState ended(State newState, double took, List<StagePlace> places) {
    return new CellState(
        name, folder, values, system, seed, newState, null, null, took, setting, places);
  }

  CellState failed(Kind newKind, String newError, double took) {
    return new CellState(
        name, folder, values, system, seed, State.FAILED, newError, newKind, took, null, List.of());
  }

  CellState chosen(Setting newSetting, List<StagePlace> places) {
    return new CellState(
        name, folder, values, system, seed, state, error, kind, seconds, newSetting, places);
  }

  boolean isDone() {
    return state == State.DONE;
  }
}
