package org.duovox.slu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.Present;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.slu.LayerProbe.Head;
import org.duovox.slu.LayerProbe.Scaling;

/// The two files of a [LayerProbe] beside those of its model: `probe.json` and `probe.safetensors`.
final class ProbeFiles {
  static final String CARD = "probe.json";
  static final String TENSORS = "probe.safetensors";
  private static final String FORMAT = "duovox-probe";

  private ProbeFiles() {}

  /// `probe.json`.
  ///
  /// @param format "duovox-probe"
  /// @param version 1
  /// @param layers numbers of the layers that are mixed
  /// @param layerShares weight of each, for readers
  record Card(
      String format,
      int version,
      ProbeConfig probe,
      List<Column> columns,
      List<Integer> layers,
      List<Double> layerShares,
      int width,
      int utterances) {
    Card {
      if (!FORMAT.equals(format) || version != 1) {
        throw DuovoxException.badData(
            "is '%s', version %d; this program reads %s, version 1"
                .formatted(format, version, FORMAT));
      }
      if (probe == null || columns == null || columns.isEmpty() || layers == null || width < 1) {
        throw DuovoxException.badData("probe, columns, layers and width must be there");
      }
      Present.require("columns", columns, "layers", layers);
      List<String> fields = columns.stream().map(Column::field).toList();
      if (Set.copyOf(fields).size() < fields.size()) {
        throw DuovoxException.badData("columns must name each field once, but are of " + fields);
      }
    }

    Slots slots() {
      return new Slots(columns.stream().map(Column::field).toList());
    }
  }

  /// A label column and its values, in the order of the scores.
  record Column(String field, List<String> labels) {
    Column {
      Present.require("field", field, "labels", labels);
    }
  }

  /// Returns whether a folder holds a probe.
  static boolean isProbe(Path folder) {
    return Files.isRegularFile(folder.resolve(CARD));
  }

  static Card card(Path folder) {
    return Json.read(folder.resolve(CARD), Card.class);
  }

  /// Writes both files into a folder that the caller publishes.
  static void write(
      LayerProbe probe, ProbeConfig config, List<Integer> layers, int utterances, Path folder) {
    List<Column> columns =
        probe.heads().stream().map(head -> new Column(head.field(), head.labels())).toList();
    List<Double> shares = Arrays.stream(probe.shares()).boxed().toList();
    AtomicFiles.write(
        folder.resolve(CARD),
        Json.pretty(
            new Card(FORMAT, 1, config, columns, layers, shares, probe.width(), utterances)));
    long[] all = {probe.layers(), probe.width()};
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve(TENSORS), Map.of())) {
      writer.add("mean", all, probe.scaling().mean());
      writer.add("scale", all, probe.scaling().scale());
      writer.add("mixture", new long[] {probe.layers()}, probe.mixture());
      for (int k = 0; k < probe.heads().size(); k++) {
        Head head = probe.heads().get(k);
        writer.add(
            "head.%d.weight".formatted(k),
            new long[] {head.labels().size(), probe.width()},
            head.weights());
        writer.add("head.%d.bias".formatted(k), new long[] {head.labels().size()}, head.bias());
      }
      writer.commit();
    }
  }

  /// Reads the probe of a folder.
  static LayerProbe read(Path folder, Card card) {
    int layers = card.layers().size();
    int size = layers * card.width();
    try (SafetensorsFile file = Safetensors.open(folder.resolve(TENSORS))) {
      List<Head> heads = new ArrayList<>();
      for (int k = 0; k < card.columns().size(); k++) {
        Column column = card.columns().get(k);
        int classes = column.labels().size();
        heads.add(
            new Head(
                column.field(),
                column.labels(),
                floats(file, "head.%d.weight".formatted(k), classes * card.width()),
                floats(file, "head.%d.bias".formatted(k), classes)));
      }
      Scaling scaling = new Scaling(floats(file, "mean", size), floats(file, "scale", size));
      return new LayerProbe(layers, card.width(), scaling, floats(file, "mixture", layers), heads);
    }
  }

  private static float[] floats(SafetensorsFile file, String name, int count) {
    float[] values = file.floats(name);
    if (values.length != count) {
      throw DuovoxException.badData(
          "%s: %s has %d values, %s says %d; the two files are not of the same probe"
              .formatted(file.path(), name, values.length, CARD, count));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw DuovoxException.badData(file.path() + ": " + name + " is not finite");
      }
    }
    return values;
  }
}
