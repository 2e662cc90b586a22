package org.duovox.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFilesTest {
  private final Corpus corpus = Toy.corpus(4, 9, 7);

  @TempDir Path temporary;
  private Path folder;
  private String someTensor;

  @BeforeEach
  void save() {
    folder = temporary.resolve("model");
    try (UnitModel model = ToyModel.model(corpus)) {
      model.save(folder);
      someTensor = model.tensors().getFirst();
    }
  }

  @Test
  void roundTripIsEqualToTheBit() throws IOException {
    try (UnitModel model = ToyModel.model(corpus);
        UnitModel read = UnitModel.load(folder, Device.CPU)) {
      assertEquals(model.card(), read.card());
      assertEquals(model.tensors(), read.tensors());
      for (String name : model.tensors()) {
        assertArrayEquals(model.read(name), read.read(name), name);
      }
      read.save(temporary.resolve("again"));
    }
    for (String file : List.of("config.json", "model.safetensors")) {
      assertEquals(
          -1, Files.mismatch(folder.resolve(file), temporary.resolve("again").resolve(file)));
    }
  }

  @Test
  void codebooksAreInTheModel() {
    try (UnitModel model = UnitModel.load(folder, Device.CPU)) {
      assertArrayEquals(
          corpus.contextual().codebook().orElseThrow().centroids(),
          model.read("contextual.codebook"));
    }
  }

  @Test
  void missingUnknownMisshapenAndNotFiniteTensorsAreListed() {
    rewrite(name -> name.equals(someTensor) ? "stranger" : name, 0, 1);
    DuovoxException names = assertThrows(DuovoxException.class, this::load);
    assertTrue(names.getMessage().contains("missing: " + someTensor), names.getMessage());
    assertTrue(names.getMessage().contains("unknown: stranger"), names.getMessage());
    save();
    rewrite(name -> name, 1, 1);
    DuovoxException shape = assertThrows(DuovoxException.class, this::load);
    assertTrue(
        shape.getMessage().contains("of the wrong shape: " + someTensor), shape.getMessage());
    save();
    rewrite(name -> name, 0, Float.NaN);
    DuovoxException notFinite = assertThrows(DuovoxException.class, this::load);
    assertTrue(
        notFinite.getMessage().contains("not finite: " + someTensor), notFinite.getMessage());
  }

  @Test
  void damagedConfigIsRefused() throws IOException {
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"layers\" : 1", "\"layers\" : 2"));
    DuovoxException layers = assertThrows(DuovoxException.class, this::load);
    assertTrue(layers.getMessage().contains("missing: "), layers.getMessage());
    Files.writeString(config, text.replace("duovox-model", "bert"));
    assertThrows(DuovoxException.class, this::load);
    Files.delete(config);
    DuovoxException none = assertThrows(DuovoxException.class, this::load);
    assertEquals(DuovoxException.Kind.MISSING_INPUT, none.kind());
  }

  @Test
  void corpusOfOtherUnitsIsRefused() {
    Corpus other =
        Corpus.of(
            Toy.corpusStream("another", 9, 6, 80),
            Toy.corpusStream("fine", 7, 4, 20),
            corpus.utterances());
    ModelCard card = ModelFiles.card(folder);
    assertEquals(corpus.size(), card.view(corpus).size());
    DuovoxException error = assertThrows(DuovoxException.class, () -> card.view(other));
    assertTrue(error.getMessage().contains("contextual units"), error.getMessage());
  }

  @Test
  void newHeadKeepsTheRestOfTheModel() {
    ModelConfig shape =
        ModelFiles.card(folder).model().withClasses(2, ModelConfig.SequencePooling.MEAN, 0.2, 5);
    try (UnitModel old = UnitModel.load(folder, Device.CPU);
        UnitModel model = UnitModel.withNewHead(folder, shape, List.of("a", "b"), Device.CPU)) {
      assertFalse(model.tensors().equals(old.tensors()), "there is a head");
      for (String name : old.tensors()) {
        assertArrayEquals(old.read(name), model.read(name), name);
      }
    }
  }

  private void load() {
    UnitModel.load(folder, Device.CPU).close();
  }

  /// Writes the tensors again under other names, the first one with `extra` more values, the first
  /// of them `value`.
  private void rewrite(UnaryOperator<String> rename, int extra, float value) {
    Path file = folder.resolve("model.safetensors");
    try (SafetensorsFile tensors = Safetensors.open(file);
        SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      for (TensorInfo tensor : tensors.tensors()) {
        float[] values = tensors.floats(tensor.name());
        long[] shape = tensor.shape();
        if (tensor.name().equals(someTensor)) {
          values = java.util.Arrays.copyOf(values, values.length + extra);
          values[0] = value;
          shape = extra == 0 ? shape : new long[] {values.length};
        }
        writer.add(rename.apply(tensor.name()), shape, values);
      }
      writer.commit();
    }
  }
}
