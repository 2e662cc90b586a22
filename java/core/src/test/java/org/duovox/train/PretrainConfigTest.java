package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PretrainConfigTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps=-1",
        "steps=9000000000000",
        "batch_size=0",
        "batch_tokens=-1",
        "accumulation=64",
        "learning_rate=0",
        "learning_rate=.nan",
        "warmup=-2",
        "weight_decay=-0.1",
        "weight_decay=1e4",
        "clip=-1",
        "clip=.inf",
        "beta1=1",
        "beta2=-0.1",
        "epsilon=0",
        "mcp_weight=-1",
        "mcp_weight=1e38",
        "mcr_weight=1e38",
        "validation_fraction=0.6",
        "report_every=0",
        "slots=65",
        "threads=2000",
        "guards.max_skipped=0",
        "guards.spike_threshold=0.5",
        "checkpoints.keep=1",
        "checkpoints.every_minutes=0"
      })
  void whatIsOutOfRangeIsNamed(String setting) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> ToyTraining.config(setting));
    assertEquals(Kind.BAD_CONFIG, e.kind());
    String name = setting.substring(0, setting.indexOf('='));
    String key = name.substring(name.indexOf('.') + 1);
    assertTrue(e.getMessage().contains(key), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp_weight=1e6", "beta1=0", "clip=0", "weight_decay=1000", "slots=64"})
  void theEndsOfARangeAreInIt(String setting) {
    ToyTraining.config(setting);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"steps=-1", "epochs=-3", "warmup=-2", "batch_tokens=-1", "report_every=0"})
  void placeRangeAndValueAreTold(String setting) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> ToyTraining.config(setting));
    String[] parts = setting.split("=", -1);
    String message = e.getMessage();
    assertTrue(
        message.startsWith("--set pretrain." + parts[0] + ": pretrain: " + parts[0] + " must be "),
        message);
    assertTrue(message.endsWith(", but is " + parts[1]), message);
  }
}
